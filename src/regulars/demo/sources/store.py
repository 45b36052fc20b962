"""The stores: loyalty cards, and receipts as the tills print them, in local time."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from regulars.demo import columns, dirt, names, rates, records
from regulars.demo.block import Block, Piece
from regulars.demo.people import STORE

_STORES = 24


def store(block: Block) -> Iterator[Piece]:
    """All raw tables of the stores, and what is true of them."""
    rng = block.streams.of("store")
    yield from _cards(block, rng)
    yield from _receipts(block, rng)


def _cards(block: Block, rng: np.random.Generator) -> Iterator[Piece]:
    people, calendar = block.people, block.company.calendar
    holder = np.flatnonzero(block.records.card_at < calendar.horizon)
    holder = holder[np.lexsort((holder, block.records.card_at[holder]))]
    at, count = block.records.card_at[holder], len(holder)
    spoiled = dirt.spoil("raw_store.cards", count, block.settings.dirt, rng)
    last, typo = people.last_name[holder], spoiled.by("typo")
    last = dirt.put(last, typo, dirt.swap_letters(last[typo], rng))
    no_email = rng.random(count) >= rates.EMAIL_ON_CARD
    no_phone = rng.random(count) >= rates.PHONE_ON_CARD
    ids = records.card_numbers(people.number[holder])
    loaded = columns.timestamps(calendar.loaded_at(at))
    yield "raw_store.cards", pa.table({
        "card_number": ids,
        "holder_first_name": columns.text(people.first_name[holder]),
        "holder_last_name": columns.text(last),
        "holder_email": columns.text(people.email[holder], no_email),
        "holder_phone": columns.text(people.phone[holder], no_phone),
        "holder_postcode": columns.text(people.postcode[holder]),
        "holder_country": columns.pick(names.COUNTRIES, people.country[holder]),
        "issued_at": columns.timestamps(at),
        "loaded_at": loaded,
    })  # fmt: skip
    yield "truth.dirt", spoiled.truth(ids, loaded)
    yield "truth.records", records.truth("store", ids, people.number[holder], loaded)


def _receipts(block: Block, rng: np.random.Generator) -> Iterator[Piece]:
    people, calendar, catalogue = block.people, block.company.calendar, block.company.catalogue
    orders, lines, returns = block.orders, block.lines, block.returns
    in_store = orders.place == STORE
    mine = np.flatnonzero(in_store)
    ids = columns.ids("B", block.numbered(np.cumsum(in_store)), 11)
    at, person = orders.at[mine], orders.person[mine]
    spoiled = dirt.spoil("raw_store.receipts", len(mine), block.settings.dirt, rng)
    printed = np.where(spoiled.by("wrong_zone"), at, calendar.wall_clock(at))
    own_ids = ids.take(pa.array(mine))
    late = np.zeros(len(orders), dtype=np.int64)
    late[mine] = spoiled.late_days(rng)
    loaded = columns.timestamps(calendar.loaded_at(at, late[mine]))
    # one goes to the store around the corner
    shop = (people.number[people.head] * 7 + people.country) % _STORES
    yield "raw_store.receipts", pa.table({
        "receipt_id": own_ids,
        "store_id": columns.ids("F", shop[person] + 1, 3),
        "card_number": records.card_numbers(people.number[person], ~people.has_card[person]),
        "printed_at": columns.timestamps(printed),
        "currency": columns.same_text("EUR", len(mine)),
        "loaded_at": loaded,
    })  # fmt: skip
    yield "truth.dirt", spoiled.truth(own_ids, loaded)
    yield (
        "truth.orders",
        records.truth_of_orders(
            "store", own_ids, people.number[person], orders.campaign[mine], loaded
        ),
    )

    line = np.flatnonzero(in_store[lines.order])
    order = lines.order[line]
    # a receipt of nobody is wrong enough
    known = people.has_card[orders.person[order]]
    spoiled = dirt.spoil("raw_store.receipt_items", len(line), block.settings.dirt, rng, known)
    negative = spoiled.by("negative_price")
    sign, sold = np.where(negative, -1, 1), np.ones(len(line), dtype=np.bool_)
    loaded = columns.timestamps(calendar.loaded_at(orders.at[order], late[order]))
    table = pa.table({
        "receipt_id": ids.take(pa.array(order)),
        "position": columns.integers(lines.number[line]),
        "article_id": catalogue.item_ids(lines.item[line]),
        "pieces": columns.integers(lines.quantity[line]),
        "piece_price": columns.amounts(sign * lines.cents[line]),
        "rebate": columns.amounts(np.where(negative, 0, lines.discount[line])),
        "is_refund": columns.flags(~sold),
        "refunded_at": columns.timestamps(sign, sold),
        "loaded_at": loaded,
    })  # fmt: skip
    yield "raw_store.receipt_items", table
    keys = columns.joined(
        table["receipt_id"].combine_chunks(), columns.ids("-", lines.number[line], 1)
    )
    yield "truth.dirt", spoiled.truth(keys, loaded)

    is_odd = np.zeros(len(lines.order), dtype=np.bool_)
    is_odd[line] = spoiled.kind >= 0
    back = np.flatnonzero(in_store[lines.order[returns.line]] & ~is_odd[returns.line])
    line, when = returns.line[back], returns.at[back]
    order = lines.order[line]
    yield "raw_store.receipt_items", pa.table({
        "receipt_id": ids.take(pa.array(order)),
        "position": columns.integers(lines.number[line]),
        "article_id": catalogue.item_ids(lines.item[line]),
        "pieces": columns.integers(returns.quantity[back]),
        "piece_price": columns.amounts(lines.cents[line]),
        "rebate": columns.amounts(
            lines.cents[line] * returns.quantity[back] - returns.refund[back]
        ),
        "is_refund": columns.flags(np.ones(len(back), dtype=np.bool_)),
        "refunded_at": columns.timestamps(calendar.wall_clock(when)),
        "loaded_at": columns.timestamps(np.maximum(
            calendar.loaded_at(when), calendar.loaded_at(orders.at[order], late[order])
        )),
    })  # fmt: skip
