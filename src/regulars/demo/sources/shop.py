"""The online shop: accounts, orders with their items, returns."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from regulars.demo import columns, dirt, rates, records
from regulars.demo.block import Block, Piece
from regulars.demo.calendar import HOUR, Ints
from regulars.demo.people import APP, STORE


def shop(block: Block) -> Iterator[Piece]:
    """All raw tables of the shop but the catalogue, and what is true of them."""
    rng = block.streams.of("shop")
    yield from _accounts(block, rng)
    yield from _orders(block, rng)


def _accounts(block: Block, rng: np.random.Generator) -> Iterator[Piece]:
    people, calendar = block.people, block.company.calendar
    first = np.flatnonzero(block.records.registered_at < calendar.horizon)
    second = np.flatnonzero(block.records.second_at < calendar.horizon)
    person = np.concatenate((first, second))
    is_second = np.arange(len(person)) >= len(first)
    at = np.where(is_second, block.records.second_at[person], block.records.registered_at[person])
    order = np.lexsort((is_second, person, at))
    person, is_second, at = person[order], is_second[order], at[order]

    same_email = rng.random(len(people)) < rates.SECOND_ACCOUNT_SAME_EMAIL
    other_email = is_second & ~same_email[person]
    has_card = people.has_card & (rng.random(len(people)) < rates.CARD_SHOWN_IN_SHOP)
    # what ties a second account with another address to the first is the card's number
    has_card |= people.has_two_accounts & ~same_email
    email = np.where(other_email, np.char.add("my.", people.email[person]), people.email[person])
    number = records.account_ids(people.number[person], is_second.astype(np.int64))

    spoiled = dirt.spoil("raw_shop.accounts", len(person), block.settings.dirt, rng)
    odd, blanks, plus = (spoiled.by(kind) for kind in ("odd_case", "blanks", "plus_address"))
    email = dirt.put(email, odd, np.char.upper(email[odd]))
    email = dirt.put(email, blanks, np.char.add(np.char.add(" ", email[blanks]), " "))
    email = dirt.put(email, plus, dirt.tagged(email[plus]))
    loaded = columns.timestamps(calendar.loaded_at(at))
    yield "raw_shop.accounts", pa.table({
        "account_id": number,
        "email": columns.text(email),
        "phone": columns.text(
            people.phone[person], (rng.random(len(people)) >= rates.PHONE_IN_SHOP)[person]
        ),
        "loyalty_number": records.card_numbers(people.number[person], ~has_card[person]),
        "registered_at": columns.timestamps(at),
        "loaded_at": loaded,
    })  # fmt: skip
    yield "truth.dirt", spoiled.truth(number, loaded)
    yield "truth.records", records.truth("shop", number, people.number[person], loaded)
    yield from _test_accounts(block, spoiled.by("test_account"), at)


def _test_accounts(block: Block, where: columns.Bools, at: Ints) -> Iterator[Piece]:
    """Accounts of nobody, made by the staff an hour after a real one."""
    made_at = at[where] + HOUR
    ids = columns.ids("X", block.row_ids(len(made_at)), 11)
    nothing = pa.nulls(len(made_at), pa.string())
    yield "raw_shop.accounts", pa.table({
        "account_id": ids,
        "email": columns.same_text(dirt.TEST_EMAIL, len(made_at)),
        "phone": nothing,
        "loyalty_number": nothing,
        "registered_at": columns.timestamps(made_at),
        "loaded_at": columns.timestamps(block.company.calendar.loaded_at(made_at)),
    })  # fmt: skip


def _orders(block: Block, rng: np.random.Generator) -> Iterator[Piece]:
    people, calendar, catalogue = block.people, block.company.calendar, block.company.catalogue
    orders, lines, returns = block.orders, block.lines, block.returns
    online = orders.place != STORE
    mine = np.flatnonzero(online)
    # ids count the shop's own orders
    ids = columns.ids("O", block.numbered(np.cumsum(online)), 11)
    at, person = orders.at[mine], orders.person[mine]
    account = records.account_ids(people.number[person], block.records.account(person, at, rng))
    spoiled = dirt.spoil("raw_shop.orders", len(mine), block.settings.dirt, rng)
    other = spoiled.by("other_currency")
    currency = np.where(other, rng.integers(1, 1 + len(dirt.OTHER_CURRENCIES), len(mine)), 0)
    own_ids, loaded = ids.take(pa.array(mine)), columns.timestamps(calendar.loaded_at(at))
    yield "raw_shop.orders", pa.table({
        "order_id": own_ids,
        "account_id": account,
        "ordered_at": columns.timestamps(at),
        "channel": columns.pick(("web", "app"), (orders.place[mine] == APP).astype(np.int64)),
        "currency": columns.pick(("EUR", *dirt.OTHER_CURRENCIES), currency),
        "loaded_at": loaded,
    })  # fmt: skip
    yield "truth.dirt", spoiled.truth(own_ids, loaded)
    yield (
        "truth.orders",
        records.truth_of_orders(
            "shop", own_ids, people.number[person], orders.campaign[mine], loaded
        ),
    )

    # a wrong currency is enough for an order
    is_clean = np.zeros(len(orders), dtype=np.bool_)
    is_clean[mine] = ~other
    line = np.flatnonzero(online[lines.order])
    order = lines.order[line]
    spoiled = dirt.spoil(
        "raw_shop.order_items", len(line), block.settings.dirt, rng, is_clean[order]
    )
    quantity = np.where(
        spoiled.by("bad_quantity"), -rng.integers(0, 2, len(line)), lines.quantity[line]
    )
    loaded = columns.timestamps(calendar.loaded_at(orders.at[order]))
    table = pa.table({
        "order_id": ids.take(pa.array(order)),
        "line_number": columns.integers(lines.number[line]),
        "product_id": catalogue.item_ids(lines.item[line], spoiled.by("no_product")),
        "quantity": columns.integers(quantity),
        "unit_price": columns.amounts(lines.cents[line]),
        "discount_amount": columns.amounts(
            np.where(spoiled.by("bad_quantity"), 0, lines.discount[line])
        ),
        "loaded_at": loaded,
    })  # fmt: skip
    yield "raw_shop.order_items", table.take(pa.array(spoiled.twice()))
    keys = columns.joined(
        table["order_id"].combine_chunks(), columns.ids("-", lines.number[line], 1)
    )
    yield "truth.dirt", spoiled.truth(keys, loaded)

    is_online = online[lines.order[returns.line]]
    # nothing comes back of what was spoiled
    is_odd = np.zeros(len(lines.order), dtype=np.bool_)
    is_odd[line] = (spoiled.kind >= 0) | ~is_clean[order]
    back = np.flatnonzero(is_online & ~is_odd[returns.line])
    line = returns.line[back]
    yield "raw_shop.returns", pa.table({
        "return_id": columns.ids("R", block.row_ids(len(back)), 11),
        "order_id": ids.take(pa.array(lines.order[line])),
        "line_number": columns.integers(lines.number[line]),
        "returned_at": columns.timestamps(returns.at[back]),
        "quantity": columns.integers(returns.quantity[back]),
        "refund_amount": columns.amounts(returns.refund[back]),
        "loaded_at": columns.timestamps(calendar.loaded_at(returns.at[back])),
    })  # fmt: skip
