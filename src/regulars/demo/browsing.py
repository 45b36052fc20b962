"""What is looked at, searched and put in carts: the raw table `browsing`."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from regulars.demo import columns, rates
from regulars.demo.accounts import Accounts, account_ids
from regulars.demo.calendar import DAY, HOUR, Calendar, Floats, Ints
from regulars.demo.orders import Orders, draw_products
from regulars.demo.people import People
from regulars.demo.products import Catalogue, product_ids

_KINDS = list(rates.KIND_SHARES)
_CART = _KINDS.index("cart")
_SEARCH = _KINDS.index("search")


class _Moments(NamedTuple):
    """Somebody is there: the person, when, and the product in mind (-1: any)."""

    person: Ints
    at: Ints
    product: Ints


def make_browsing(
    people: People,
    accounts: Accounts,
    orders: Orders,
    catalogue: Catalogue,
    calendar: Calendar,
    block: int,
    rng: np.random.Generator,
) -> pa.Table:
    """The raw table `browsing`, sorted by time, a few rows of it twice.

    Interest rises in the days before an order, so that browsing foretells; but it also
    rises for nothing and goes on after a lapse, so that it doesn't foretell too well.
    """
    parts = (
        _before_orders(orders, rng),
        _bursts(people, calendar, rng),
        _idle(people, calendar, rng),
    )
    person, at, product = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    # nobody is known before they register, and nothing is known outside the world
    seen = (at >= np.maximum(accounts.registered_at[person], calendar.start)) & (at < calendar.end)
    person, at, product = person[seen], at[seen], product[seen]
    kind = rng.choice(len(_KINDS), len(person), p=list(rates.KIND_SHARES.values()))
    # a taste draw for every row keeps the arrays aligned; half of the rows with a product in
    # mind look at something else
    other = draw_products(people, person, at, catalogue, rng)
    strays = (product < 0) | ((kind != _CART) & (rng.random(len(person)) < 0.5))
    product = np.where(strays, other, product)

    order = np.lexsort((product, kind, person, at))
    person, at, product, kind = person[order], at[order], product[order], kind[order]
    used = accounts.used(person, at, rng)
    unknown = rng.random(len(person)) < rates.UNKNOWN_BROWSER
    twice = 1 + (rng.random(len(person)) < rates.DUPLICATE_BROWSING)
    table = pa.table({
        "event_id": columns.ids(f"E{block:02d}", np.arange(1, len(person) + 1), 9),
        "account_id": account_ids(people.number[person], used, unknown),
        "occurred_at": columns.timestamps(at),
        "kind": columns.pick(_KINDS, kind),
        "product_id": product_ids(product, kind == _SEARCH),
        "loaded_at": columns.same_timestamp(calendar.end, len(person)),
    })  # fmt: skip
    return table.take(pa.array(np.repeat(np.arange(len(person)), twice)))


def _before_orders(orders: Orders, rng: np.random.Generator) -> _Moments:
    order = np.repeat(
        np.arange(len(orders.at)), rng.poisson(rates.EVENTS_BEFORE_ORDER, len(orders.at))
    )
    return _Moments(
        orders.person[order], orders.at[order] - _lead(len(order), rng), orders.product[order]
    )


def _bursts(people: People, calendar: Calendar, rng: np.random.Generator) -> _Moments:
    """Like the days before an order, but no order follows."""
    span = _span(people, calendar)
    rate = people.rate * rates.BURSTS_PER_ORDER
    person, peak = _spread(people, rate, span, calendar, rng)
    burst = np.repeat(np.arange(len(person)), rng.poisson(rates.EVENTS_PER_BURST, len(person)))
    at = peak[burst] - _lead(len(burst), rng)
    return _Moments(person[burst], at, np.full(len(burst), -1))


def _idle(people: People, calendar: Calendar, rng: np.random.Generator) -> _Moments:
    """Looking around, through the whole world: less while fading, little after a lapse."""
    busy = np.full(len(people), calendar.busy[-1])
    span = (calendar.busy_days(people.joined_at), busy)
    rate = people.rate * rates.IDLE_EVENTS_PER_ORDER
    person, at = _spread(people, rate, span, calendar, rng, after_lapse=rates.IDLE_AFTER_LAPSE)
    return _Moments(person, at, np.full(len(person), -1))


def _span(people: People, calendar: Calendar) -> tuple[Floats, Floats]:
    lapsed = np.minimum(people.lapsed_at, calendar.end)
    return calendar.busy_days(people.joined_at), calendar.busy_days(lapsed)


def _spread(
    people: People,
    rate: Floats,
    span: tuple[Floats, Floats],
    calendar: Calendar,
    rng: np.random.Generator,
    after_lapse: float = 0.0,
) -> tuple[Ints, Ints]:
    """Person and moment of a Poisson process in busy days, thinned by keenness."""
    begin, until = span
    days = np.where(people.in_shop, np.maximum(until - begin, 0.0), 0.0)
    person = np.repeat(np.arange(len(people)), rng.poisson(rate * days))
    at = calendar.moments(begin[person] + rng.random(len(person)) * days[person])
    keen = np.maximum(people.keenness(person, at), after_lapse)
    kept = rng.random(len(person)) < keen
    return person[kept], at[kept]


def _lead(count: int, rng: np.random.Generator) -> Ints:
    """Seconds before an order: a third within the last hour, the rest over days."""
    days = rng.exponential(rates.DAYS_BEFORE_ORDER * DAY, count)
    minutes = rng.uniform(60.0, float(HOUR), count)
    return np.where(rng.random(count) < 1 / 3, minutes, days).astype(np.int64) + 1
