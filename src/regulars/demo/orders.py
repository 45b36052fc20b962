"""What is bought and sent back: the raw tables `orders`, `order_lines` and `returns`."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from regulars.demo import columns, rates
from regulars.demo.accounts import Accounts, account_ids
from regulars.demo.calendar import DAY, Calendar, Ints
from regulars.demo.people import Bools, People
from regulars.demo.products import CATEGORIES, PRODUCTS_PER_CATEGORY, Catalogue, product_ids

_DISCOUNTS = np.array([5, 10, 15, 20, 30])  # percent


@dataclass(frozen=True)
class Orders:
    """One element per order, sorted by time: whose, when, which product comes first."""

    person: Ints
    at: Ints
    product: Ints


@dataclass(frozen=True)
class Lines:
    """One element per order line, sorted by order and line number."""

    order: Ints
    number: Ints
    product: Ints
    quantity: Ints
    cents: Ints
    discount: Ints
    has_product: Bools


def draw_orders(people: People, calendar: Calendar, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Person and second of every order, sorted by time.

    A Poisson process in busy days with the personal rate, thinned by keenness; whoever
    joins within the world does so with an order.
    """
    active = calendar.busy_days(np.maximum(people.joined_at, calendar.start))
    until = calendar.busy_days(np.minimum(people.lapsed_at, calendar.end))
    span = np.where(people.in_shop, np.maximum(until - active, 0.0), 0.0)
    person = np.repeat(np.arange(len(people)), rng.poisson(people.rate * span))
    at = calendar.moments(active[person] + rng.random(len(person)) * span[person])
    kept = rng.random(len(person)) < people.keenness(person, at)
    newcomers = np.flatnonzero(people.is_new)
    person = np.concatenate((person[kept], newcomers))
    at = np.concatenate((at[kept], people.joined_at[newcomers]))
    order = np.lexsort((person, at))
    return person[order], at[order]


def make_orders(
    people: People,
    accounts: Accounts,
    catalogue: Catalogue,
    calendar: Calendar,
    block: int,
    rng: np.random.Generator,
) -> tuple[Orders, Lines, pa.Table, pa.Table]:
    """The orders and their lines, and the raw tables `orders` and `order_lines`."""
    person, at = draw_orders(people, calendar, rng)
    count = len(person)
    used = accounts.used(person, at, rng)
    channel = rng.choice(len(rates.CHANNEL_SHARES), count, p=list(rates.CHANNEL_SHARES.values()))
    order_table = pa.table({
        "order_id": order_ids(block, np.arange(count, dtype=np.int64)),
        "account_id": account_ids(people.number[person], used),
        "ordered_at": columns.timestamps(at),
        "channel": columns.pick(list(rates.CHANNEL_SHARES), channel),
        "currency": columns.pick(("EUR",), np.zeros(count, dtype=np.int64)),
        "loaded_at": columns.same_timestamp(calendar.end, count),
    })  # fmt: skip
    lines = _draw_lines(people, person, at, catalogue, calendar, rng)
    line_table = pa.table({
        "order_id": order_ids(block, lines.order),
        "line_number": columns.integers(lines.number),
        "product_id": product_ids(lines.product, ~lines.has_product),
        "quantity": columns.integers(lines.quantity),
        "unit_price": columns.amounts(lines.cents),
        "discount_amount": columns.amounts(lines.discount),
        "loaded_at": columns.same_timestamp(calendar.end, len(lines.order)),
    })  # fmt: skip
    orders = Orders(person, at, lines.product[lines.number == 1])
    return orders, lines, order_table, line_table


def _draw_lines(
    people: People,
    person: Ints,
    at: Ints,
    catalogue: Catalogue,
    calendar: Calendar,
    rng: np.random.Generator,
) -> Lines:
    lines_of = 1 + rng.poisson(rates.EXTRA_LINES_PER_ORDER, len(person))
    order = np.repeat(np.arange(len(person)), lines_of)
    number = np.arange(len(order)) - np.repeat(np.cumsum(lines_of) - lines_of, lines_of) + 1
    count, who, when = len(order), person[order], at[order]
    product = draw_products(people, who, when, catalogue, rng)
    more = rng.random(count)
    second, third = rates.EXTRA_UNITS
    quantity = 1 + (more < second).astype(np.int64) + (more < third)
    bad = rng.random(count) < rates.BAD_QUANTITY
    quantity = np.where(bad, -rng.integers(0, 2, count), quantity)
    cents = catalogue.cents.ravel()[product]
    share = np.where(
        calendar.is_november(when), rates.DISCOUNTED_LINES_IN_NOVEMBER, rates.DISCOUNTED_LINES
    )
    # those who like it cheap wait for the discount
    is_discounted = rng.random(count) < share * (1.5 - people.price_level[who])
    percent = np.where(is_discounted, rng.choice(_DISCOUNTS, count), 0)
    discount = np.maximum(quantity, 0) * cents * percent // 100
    has_product = rng.random(count) >= rates.MISSING_PRODUCT
    return Lines(order, number, product, quantity, cents, discount, has_product)


def draw_products(
    people: People, person: Ints, at: Ints, catalogue: Catalogue, rng: np.random.Generator
) -> Ints:
    """A product to each person's taste and price level, on sale at each moment."""
    category = (rng.random((len(person), 1)) > people.taste[person, :-1]).sum(axis=1)
    return catalogue.draw(category, people.price_level[person], at, rng)


def make_returns(
    people: People,
    orders: Orders,
    lines: Lines,
    calendar: Calendar,
    block: int,
    rng: np.random.Generator,
) -> pa.Table:
    """The raw table `returns`: at most one per line, 2 to 60 days after the order."""
    rate = np.array([category.return_rate for category in CATEGORIES])
    count = len(lines.order)
    odds = rate[lines.product // PRODUCTS_PER_CATEGORY]
    odds = odds * people.return_factor[orders.person[lines.order]]
    days = np.clip(np.exp(rng.normal(2.3, 0.6, count)), 2.0, 60.0)
    at = orders.at[lines.order] + (days * DAY).astype(np.int64)
    is_back = (rng.random(count) < odds) & (at < calendar.end)
    is_back &= (lines.quantity > 0) & lines.has_product
    some = rng.random(count) < 0.2
    line = np.flatnonzero(is_back)
    line = line[np.lexsort((line, at[line]))]
    back = np.where(some[line], 1, lines.quantity[line])
    paid = lines.quantity[line] * lines.cents[line] - lines.discount[line]
    return pa.table({
        "return_id": columns.ids(f"R{block:02d}", np.arange(1, len(line) + 1), 8),
        "order_id": order_ids(block, lines.order[line]),
        "line_number": columns.integers(lines.number[line]),
        "returned_at": columns.timestamps(at[line]),
        "quantity": columns.integers(back),
        "refund_amount": columns.amounts(paid * back // lines.quantity[line]),
        "loaded_at": columns.same_timestamp(calendar.end, len(line)),
    })  # fmt: skip


def order_ids(block: int, numbers: Ints) -> pa.Array:
    """O0000000001 …: unique through the world, in order of time within a block."""
    return columns.ids(f"O{block:02d}", numbers + 1, 8)
