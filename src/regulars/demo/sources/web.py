"""The website and the app: hits by cookie and device, some of them logged in."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from regulars.demo import columns, dirt, rates, records
from regulars.demo.block import Block, Piece
from regulars.demo.calendar import DAY, HOUR, YEAR, Bools, Floats, Ints
from regulars.demo.orders import draw_category, draw_items
from regulars.demo.people import APP, NEVER, STORE

_KINDS = tuple(rates.HIT_KINDS)
_SEARCH, _CART = _KINDS.index("search"), _KINDS.index("cart")
_COMPUTER, _PHONE, _APP = range(3)


class _Hits(NamedTuple):
    """Somebody is there: who, when, the category in mind (-1: any), by app, close to an order."""

    person: Ints
    at: Ints
    category: Ints
    by_app: Bools
    is_ordering: Bools


def web(block: Block) -> Iterator[Piece]:
    """The raw table of hits, and what is true of it.

    Interest rises in the days before an order, so that browsing foretells; but it also rises
    for nothing and goes on after a lapse, so that it doesn't foretell too well.
    """
    rng = block.streams.of("web")
    people, calendar, catalogue = block.people, block.company.calendar, block.company.catalogue
    parts = [*_all_hits(block, rng)]
    person, at, category, by_app, ordering = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    seen = (at >= calendar.start) & (at < calendar.horizon)
    person, at, category, by_app, ordering = (
        values[seen] for values in (person, at, category, by_app, ordering)
    )
    order = np.lexsort((ordering, category, person, at))
    person, at, category, by_app, ordering = (
        values[order] for values in (person, at, category, by_app, ordering)
    )
    count = len(person)
    kind = rng.choice(len(_KINDS), count, p=list(rates.HIT_KINDS.values()))
    strays = (category < 0) | ((kind != _CART) & (rng.random(count) < 0.35))
    other = draw_category(people, block.lives, person, at, rng)
    category = np.where(strays, other, category)
    item = draw_items(people, person, category, at, catalogue, rng)

    device = np.where(by_app, _APP, (rng.random(count) < 0.45).astype(np.int64))
    logged_in = ordering | (rng.random(count) < rates.LOGGED_IN) | by_app
    logged_in &= block.records.registered_at[person] <= at
    second = block.records.account(person, at, rng)
    owner = np.where(device == _COMPUTER, block.records.computer[person], people.number[person])
    generation = block.records.cookie_generation(person, at)
    spoiled = dirt.spoil("raw_web.hits", count, block.settings.dirt, rng)
    nobody, future = spoiled.by("nobody"), spoiled.by("future")
    cookie = records.cookie_ids(
        owner, np.minimum(device, _PHONE), generation, (device == _APP) | nobody
    )
    devices = records.device_ids(people.number[person], (device != _APP) | nobody)
    years = (rng.uniform(3.0, 10.0, count) * YEAR * DAY).astype(np.int64)
    loaded = columns.timestamps(calendar.loaded_at(at, spoiled.late_days(rng)))
    ids = columns.ids("E", block.row_ids(count), 11)
    table = pa.table({
        "hit_id": ids,
        "cookie_id": cookie,
        "device_id": devices,
        "account_id": records.account_ids(people.number[person], second, ~logged_in | nobody),
        "hit_type": columns.pick(_KINDS, kind),
        "product_id": catalogue.item_ids(item, kind == _SEARCH),
        "search_words": _search_words(block, item, kind),
        "hit_at": columns.timestamps(np.where(future, at + years, at)),
        "loaded_at": loaded,
    })  # fmt: skip
    yield "raw_web.hits", table.take(pa.array(spoiled.twice()))
    yield "truth.dirt", spoiled.truth(ids, loaded)
    yield "truth.records", _owners(block, person, device, owner, generation, loaded, ~nobody)


def _all_hits(block: Block, rng: np.random.Generator) -> Iterator[_Hits]:
    people, lives, orders = block.people, block.lives, block.orders
    # before orders
    mean = np.where(orders.place == STORE, rates.HITS_BEFORE_STORE_ORDER, rates.HITS_BEFORE_ORDER)
    of = np.repeat(np.arange(len(orders)), rng.poisson(mean))
    lead = _lead(len(of), rng)
    by_app = (orders.place[of] == APP) | (
        people.has_app[orders.person[of]] & (rng.random(len(of)) < 0.2)
    )
    close = (lead < HOUR) & (orders.place[of] != STORE)
    yield _Hits(orders.person[of], orders.at[of] - lead, orders.category[of], by_app, close)
    # like the days before an order, but no order follows
    for person, at, hits in (
        (
            *_spread(block, lives.usual_rate() * rates.BURSTS_PER_ORDER, 0.0, rng),
            rates.HITS_BEFORE_ORDER,
        ),
        (*_spread(block, _idle_rate(block), rates.IDLE_AFTER_LAPSE, rng), 0.0),
    ):
        of = np.repeat(np.arange(len(person)), rng.poisson(hits, len(person)) if hits else 1)
        lead = _lead(len(of), rng) if hits else np.zeros(len(of), dtype=np.int64)
        yield _without_order(block, person[of], at[of] - lead, -1, rng)
    # after a click on a message
    sent = block.responses.messages
    clicked = np.flatnonzero(sent.clicked_at < NEVER)
    of = np.repeat(clicked, 1 + rng.poisson(rates.HITS_AFTER_CLICK, len(clicked)))
    later = rng.exponential(300.0, len(of)).astype(np.int64) + 5
    offered = np.array([campaign.category for campaign in block.company.campaigns])
    yield _without_order(
        block, sent.person[of], sent.clicked_at[of] + later, offered[sent.campaign[of]], rng
    )
    # leads look around until they buy or don't
    lead_person = np.flatnonzero(block.lead_at < NEVER)
    mean = rates.HITS_OF_LEAD * np.exp(0.4 * people.lead_keenness[lead_person])
    of = np.repeat(lead_person, rng.poisson(mean))
    span = np.maximum(people.joined_at[of] - block.lead_at[of], HOUR)
    yield _without_order(
        block, of, block.lead_at[of] + (rng.random(len(of)) * span).astype(np.int64), -1, rng
    )


def _without_order(
    block: Block, person: Ints, at: Ints, category: Ints | int, rng: np.random.Generator
) -> _Hits:
    count = len(person)
    by_app = block.people.has_app[person] & (rng.random(count) < 0.5)
    mind = np.broadcast_to(np.asarray(category, dtype=np.int64), (count,))
    return _Hits(person, at, mind, by_app, np.zeros(count, dtype=np.bool_))


def _idle_rate(block: Block) -> Floats:
    rate = block.lives.usual_rate() * rates.IDLE_HITS_PER_ORDER + rates.IDLE_HITS_PER_YEAR / YEAR
    return np.where(block.people.in_shop, rate, 0.1 * rate)


def _spread(
    block: Block, rate: Floats, after_lapse: float, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Person and moment of a Poisson process in busy days, thinned with the life's own rate."""
    lives, calendar = block.lives, block.company.calendar
    begins = calendar.busy_days(lives.begins[:, 0])
    span = np.maximum(calendar.busy[-1] - begins, 0.0)
    person = np.repeat(np.arange(len(rate)), rng.poisson(rate * span))
    at = calendar.moments(begins[person] + rng.random(len(person)) * span[person])
    usual = np.maximum(lives.usual_rate()[person], 1e-12)
    keen = np.maximum(lives.rate_at(person, at) / usual, after_lapse)
    kept = rng.random(len(person)) < keen
    return person[kept], at[kept]


def _lead(count: int, rng: np.random.Generator) -> Ints:
    """Seconds before an order: a third within the last hour, the rest over days."""
    days = rng.exponential(rates.DAYS_BEFORE_ORDER * DAY, count)
    minutes = rng.uniform(60.0, float(HOUR), count)
    return np.where(rng.random(count) < 1 / 3, minutes, days).astype(np.int64) + 1


def _search_words(block: Block, item: Ints, kind: Ints) -> pa.Array:
    """What people type: the name of the category, in small letters."""
    words = [category.name.lower() for category in block.company.catalogue.business.categories]
    found = pa.array(words, type=pa.string())
    return found.take(pa.array(block.company.catalogue.category(item), mask=kind != _SEARCH))


def _owners(
    block: Block,
    person: Ints,
    device: Ints,
    owner: Ints,
    generation: Ints,
    loaded: pa.Array,
    known: Bools,
) -> pa.Table:
    """Who was seen on which cookie or device, once each, since the first hit was loaded."""
    number = block.people.number[person]
    keys = np.stack([owner, device, np.where(device == _APP, 0, generation), number])[:, known]
    at = np.asarray(loaded.cast(pa.int64()))[known]
    by_key = np.lexsort((at, *keys[::-1]))
    keys, at = keys[:, by_key], at[by_key]
    is_first = np.ones(keys.shape[1], dtype=np.bool_)
    is_first[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    owner, device, generation, number = keys[:, is_first]
    ids = columns.either(
        records.device_ids(number, device != _APP),
        records.cookie_ids(owner, np.minimum(device, _PHONE), generation),
    )
    return records.truth(
        "web", ids, number, columns.timestamps(at[is_first] // columns.MICROSECONDS)
    )
