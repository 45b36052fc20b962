"""The made-up world as raw tables, block of people by block of people."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from regulars.demo.accounts import make_accounts
from regulars.demo.browsing import make_browsing
from regulars.demo.calendar import make_calendar
from regulars.demo.orders import make_orders, make_returns
from regulars.demo.people import make_people
from regulars.demo.products import make_catalogue

# bounds the memory of a large world; ids hold a hundred blocks
PEOPLE_PER_BLOCK = 25_000

# the order gives each part its random stream: append, never reorder
_STREAMS = ("products", "people", "accounts", "orders", "returns", "browsing")


def block_count(customers: int) -> int:
    """In how many pieces a world of so many people is made."""
    return -(-customers // PEOPLE_PER_BLOCK)


def make_world(customers: int, years: int, seed: int) -> Iterator[tuple[str, pa.Table]]:
    """Raw tables as (schema.table, rows); every table but products comes once per block.

    The same arguments give the same rows in the same order. Each part draws from a
    stream of its own, so that a change in one leaves the others as they were.
    """
    calendar = make_calendar(years)
    catalogue, products = make_catalogue(calendar, _stream(seed, 0, "products"))
    yield "raw_shop.products", products
    for block in range(block_count(customers)):
        first = block * PEOPLE_PER_BLOCK
        count = min(PEOPLE_PER_BLOCK, customers - first)
        people = make_people(first, count, calendar, _stream(seed, block, "people"))
        accounts, contacts, account_table = make_accounts(
            people, calendar, _stream(seed, block, "accounts")
        )
        yield "raw_crm.contacts", contacts
        yield "raw_shop.accounts", account_table
        orders, lines, order_table, line_table = make_orders(
            people, accounts, catalogue, calendar, block, _stream(seed, block, "orders")
        )
        yield "raw_shop.orders", order_table
        yield "raw_shop.order_lines", line_table
        yield (
            "raw_shop.returns",
            make_returns(people, orders, lines, calendar, block, _stream(seed, block, "returns")),
        )
        yield (
            "raw_shop.browsing",
            make_browsing(
                people,
                accounts,
                orders,
                catalogue,
                calendar,
                block,
                _stream(seed, block, "browsing"),
            ),
        )


def _stream(seed: int, block: int, name: str) -> np.random.Generator:
    sequence = np.random.SeedSequence(seed, spawn_key=(block, _STREAMS.index(name)))
    return np.random.Generator(np.random.PCG64(sequence))
