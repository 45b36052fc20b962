"""Schema `truth`: what really holds in the made-up world. Nothing but benchmarks may read it.

The rate of buying of a person on a day is lives.rate x days.busy_days x the hazard of a gamma
with shape persons.gap_shape and mean 1, at the expected orders since the last one. The chance
that an order's next line is an item is the category's share in preferences x item_chances.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from regulars.demo import columns, names, rates
from regulars.demo.block import Block, Company, Piece
from regulars.demo.calendar import DAY
from regulars.demo.people import NEVER


def of_world(company: Company) -> Iterator[Piece]:
    """What is true of every day and every item."""
    days, busy = company.calendar.day_factors()
    yield "truth.days", pa.table({"day": columns.dates(days), "busy_days": pa.array(busy)})
    catalogue = company.catalogue
    category, level, brand, place = np.indices(catalogue.chance.shape).reshape(4, -1)
    item = (category * catalogue.chance.shape[-1] + place) * catalogue.periods
    yield "truth.item_chances", pa.table({
        "category": columns.pick([c.name for c in catalogue.business.categories], category),
        "price_level": columns.integers(level),
        "favourite_brand": columns.pick([*catalogue.business.brands, "none"], brand),
        # of a dated item the first period's; the others follow it
        "product_id": catalogue.item_ids(item),
        "chance": pa.array(catalogue.chance.ravel()),
    })  # fmt: skip


def of_block(block: Block) -> Iterator[Piece]:
    """What is true of a block of people."""
    people, lives = block.people, block.lives
    number, count = pa.array(people.number), len(people)
    brands = [*block.company.catalogue.business.brands, "none"]
    yield "truth.persons", pa.table({
        "person_id": number,
        "household_id": pa.array(people.number[people.head]),
        "first_name": columns.text(people.first_name),
        "last_name": columns.text(people.last_name),
        "born_on": columns.dates(people.born),
        "country": columns.pick(names.COUNTRIES, people.country),
        "joined_at": columns.timestamps(people.joined_at),
        "buys": columns.flags(people.buys),
        "rhythm": columns.pick(rates.RHYTHMS, lives.rhythm),
        "gap_shape": pa.array(lives.gap_shape),
        "lapsed_at": columns.timestamps(lives.lapsed_at, lives.lapsed_at == NEVER),
        "life_event": columns.pick(rates.LIFE_EVENTS, lives.event),
        "life_event_at": columns.timestamps(lives.event_at, lives.event_at == NEVER),
        "price_level": columns.integers(people.price_level),
        "favourite_brand": columns.pick(brands, people.favourite_brand),
        "basket_factor": pa.array(people.basket),
        "favourite_channel": columns.pick(rates.MESSAGE_CHANNELS, people.favourite_channel),
        "fatigue": pa.array(people.fatigue),
    })  # fmt: skip
    person, phase = np.indices(lives.begins.shape).reshape(2, -1)
    begins = lives.begins.ravel()
    seen = begins < block.company.calendar.horizon
    yield "truth.lives", pa.table({
        "person_id": pa.array(people.number[person[seen]]),
        "phase": columns.integers(phase[seen]),
        "begins_at": columns.timestamps(begins[seen]),
        "rate": pa.array(lives.rate.ravel()[seen]),
    })  # fmt: skip
    shares = people.taste_shares()
    change = lives.tastes_change_at()
    for after, taste in enumerate(shares):
        # the second taste is one only of those who change
        who = np.flatnonzero(change < NEVER) if after else np.arange(count)
        since = (
            change[who] if after else np.full(count, block.company.calendar.start - 10_000 * DAY)
        )
        categories = block.company.catalogue.business.categories
        share_of = [category.name.lower().replace(" ", "_") for category in categories]
        yield "truth.preferences", pa.table({
            "person_id": number.take(pa.array(who)),
            "since": columns.timestamps(since),
            **{name: pa.array(taste[who, place]) for place, name in enumerate(share_of)},
        })  # fmt: skip
    person, channel = np.indices(people.effect.shape).reshape(2, -1)
    yield "truth.effects", pa.table({
        "person_id": pa.array(people.number[person]),
        "channel": columns.pick(rates.MESSAGE_CHANNELS, channel),
        "open_rate": pa.array(people.open_rate.ravel()),
        "click_rate": pa.array(people.click_rate.ravel()),
        "order_chance": pa.array(people.effect.ravel()),
    })  # fmt: skip
