"""A block of people with all that they did: what the sources write down, each in its own way."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from regulars.demo import orders as ordering
from regulars.demo import rates
from regulars.demo.calendar import DAY, HOUR, Calendar, Ints
from regulars.demo.campaigns import Campaign, Responses, run_campaigns, subscribed_at
from regulars.demo.catalogue import Catalogue
from regulars.demo.lives import Lives, draw_orders, make_lives
from regulars.demo.people import NEVER, People, make_people
from regulars.demo.records import Records, make_records
from regulars.demo.settings import Settings
from regulars.demo.streams import Streams

# the piece of the world that is drawn at once, whatever is written at once
PEOPLE_PER_BLOCK = 5_000
Piece = tuple[str, pa.Table]


@dataclass(frozen=True)
class Company:
    """What the whole world shares: its time, what is sold, and what is sent."""

    calendar: Calendar
    catalogue: Catalogue
    campaigns: list[Campaign]


@dataclass(frozen=True)
class Block:
    """Everything that is true of some people; nothing of it is dirty."""

    number: int
    settings: Settings
    streams: Streams
    company: Company
    people: People
    lives: Lives
    records: Records
    responses: Responses
    orders: ordering.Orders
    lines: ordering.Lines
    returns: ordering.Returns
    lead_at: Ints  # (people,) when a lead left their contact; NEVER for the others

    def row_ids(self, count: int) -> Ints:
        """Numbers for the rows of a table, unique through the world."""
        return self.numbered(np.arange(1, count + 1))

    def numbered(self, rank: Ints) -> Ints:
        """The same for rows that count from 1 in the block, in an order of their own."""
        return self.number * 10_000_000 + rank


def make_block(number: int, settings: Settings, company: Company) -> Block:
    """The block's people, and what they do until the horizon."""
    streams, calendar, catalogue = (
        Streams(settings.seed, number),
        company.calendar,
        company.catalogue,
    )
    numbers, joins_later = _numbers(number, settings)
    people = make_people(numbers, joins_later, catalogue.business, calendar, streams.of("people"))
    rng = streams.of("lives")
    lives = make_lives(people, calendar, rng)
    listed_at = subscribed_at(people, rng)
    records = make_records(people, lives, listed_at, calendar, rng)
    lead_at = people.joined_at - (rng.exponential(12.0 * DAY, len(people))).astype(np.int64) - HOUR
    lead_at = np.where(people.is_lead, np.maximum(lead_at, calendar.start), NEVER)

    rng = streams.of("orders")
    person, at = draw_orders(people, lives, calendar, rng)
    own = person, at, ordering.draw_category(people, lives, person, at, rng)
    reachable = np.ones((len(people), len(rates.MESSAGE_CHANNELS)), dtype=np.bool_)
    reachable[:, rates.MESSAGE_CHANNELS.index("push")] = people.has_app
    responses = run_campaigns(
        people,
        lives,
        listed_at,
        reachable,
        own,
        company.campaigns,
        calendar,
        streams.of("campaigns"),
    )
    rng = streams.of("lines")
    orders = ordering.make_orders(people, own, responses, calendar, rng)
    lines = ordering.make_lines(people, lives, orders, catalogue, calendar, rng)
    returns = ordering.make_returns(lines, orders, lives, catalogue, calendar, rng)
    return Block(
        number,
        settings,
        streams,
        company,
        people,
        lives,
        records,
        responses,
        orders,
        lines,
        returns,
        lead_at,
    )


def block_count(customers: int) -> int:
    """In how many blocks a world of so many people is made."""
    return -(-customers // PEOPLE_PER_BLOCK)


def _numbers(block: int, settings: Settings) -> tuple[Ints, np.ndarray]:
    """The people's numbers, and who of them joins only after the world's clock.

    Those who come later are numbered behind everybody else: the world has exactly
    `settings.customers` people when its clock stands at its end.
    """
    first = block * PEOPLE_PER_BLOCK
    now = np.arange(first, min(first + PEOPLE_PER_BLOCK, settings.customers), dtype=np.int64)
    per_year = len(now) * (1 - rates.JOINED_BEFORE) / settings.years
    later = settings.customers + first + np.arange(round(per_year), dtype=np.int64)
    joins_later = np.arange(len(now) + len(later)) >= len(now)
    return np.concatenate((now, later)), joins_later
