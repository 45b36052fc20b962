"""Under which ids and addresses the people are known, source by source."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from regulars.demo import columns, rates
from regulars.demo.calendar import DAY, HOUR, Bools, Calendar, Ints
from regulars.demo.lives import Lives
from regulars.demo.people import NEVER, People

# a product with an odd constant modulo a power of two never maps two to one
_ODD = 2_654_435_761
_WIDE_ODD = 0x5DEECE66D
DESKTOP, PHONE = 0, 1


def stirred(number: Ints) -> Ints:
    """Numbers that don't tell whose they are, each another one."""
    return number * _ODD % 2**32


def account_ids(number: Ints, second: Ints, missing: Bools | None = None) -> pa.Array:
    """Ids of shop accounts: a person's first, or their second."""
    return columns.ids("A", stirred(number * 2 + second), 10, missing)


def profile_ids(number: Ints, missing: Bools | None = None) -> pa.Array:
    """Ids of crm profiles."""
    return columns.ids("C", number + 1, 8, missing)


def lead_ids(number: Ints) -> pa.Array:
    """Ids of crm leads."""
    return columns.ids("Q", number + 1, 8)


def card_numbers(number: Ints, missing: Bools | None = None) -> pa.Array:
    """Loyalty numbers, as on the card."""
    return columns.ids("L", stirred(number + 7_000_003), 10, missing)


def subscriber_ids(number: Ints) -> pa.Array:
    """Ids on the company's mailing lists."""
    return columns.ids("S", stirred(number + 3_000_017), 10)


def device_ids(number: Ints, missing: Bools | None = None) -> pa.Array:
    """Ids of phones with the app."""
    return columns.ids("D", stirred(number + 1_000_003), 10, missing)


def cookie_ids(
    number: Ints, device: Ints, generation: Ints, missing: Bools | None = None
) -> pa.Array:
    """Ids of browsers: a computer's or a phone's, until it forgets."""
    mixed = (number * 2 + device) * 64 + generation
    return columns.ids("K", mixed * _WIDE_ODD % 2**48, 15, missing)


@dataclass(frozen=True)
class Records:
    """Since when each person has what, in seconds; NEVER for those who don't.

    `computer` is the number of the person whose computer is used; `forgets_at` shifts the
    days on which browsers forget their cookies.
    """

    registered_at: Ints  # the shop's account
    second_at: Ints  # a second one
    listed_at: Ints  # in the crm, and so on the mailing lists
    card_at: Ints
    computer: Ints
    forgets_at: Ints

    def account(self, person: Ints, at: Ints, rng: np.random.Generator) -> Ints:
        """0 or 1: the account that each person acts with at each moment."""
        second = rng.random(len(person)) < rates.SECOND_ACCOUNT_USED
        return ((at >= self.second_at[person]) & second).astype(np.int64)

    def cookie_generation(self, person: Ints, at: Ints) -> Ints:
        """How often the browser has forgotten by each moment."""
        generation: Ints = (at - self.forgets_at[person]) // (rates.COOKIE_DAYS * DAY)
        return np.minimum(np.maximum(generation, 0), 63)


def make_records(
    people: People, lives: Lives, listed_at: Ints, calendar: Calendar, rng: np.random.Generator
) -> Records:
    """Who has which records, and since when."""
    count = len(people)
    look_around = rng.exponential(3.0 * DAY, count).astype(np.int64) + 60
    registered = np.where(people.in_shop, people.joined_at - look_around, NEVER)
    begins = np.maximum(people.joined_at, calendar.start)
    rest = np.minimum(lives.lapsed_at, calendar.horizon) - begins
    later = begins + (rng.uniform(0.1, 0.9, count) * np.maximum(rest, DAY)).astype(np.int64)
    head = np.where(people.shares_device, people.head, np.arange(count))
    forgets = calendar.start - (rng.random(count) * rates.COOKIE_DAYS * DAY).astype(np.int64)
    return Records(
        registered_at=registered,
        second_at=np.where(people.has_two_accounts, later, NEVER),
        listed_at=listed_at,
        # before the store opens on the day of the first order
        card_at=np.where(people.has_card, people.joined_at // DAY * DAY + 7 * HOUR, NEVER),
        computer=people.number[head],
        # who shares a computer shares its cookies
        forgets_at=forgets[head],
    )


def truth_of_orders(
    source: str, ids: pa.Array, persons: Ints, campaigns: Ints, loaded: pa.Array
) -> pa.Table:
    """Rows of `truth.orders`: who ordered, and the campaign that caused it (-1: none)."""
    return pa.table({
        "source_name": columns.same_text(source, len(persons)),
        "order_id": ids,
        "person_id": pa.array(persons),
        "campaign_id": columns.ids("M", campaigns + 1, 5, campaigns < 0),
        "loaded_at": loaded,
    })  # fmt: skip


def truth(source: str, ids: pa.Array, persons: Ints, loaded: pa.Array) -> pa.Table:
    """Rows of `truth.records`: which record belongs to whom."""
    return pa.table({
        "source_name": pa.array([source] * len(persons), type=pa.string()),
        "source_record_id": ids,
        "person_id": pa.array(persons),
        "loaded_at": loaded,
    })  # fmt: skip
