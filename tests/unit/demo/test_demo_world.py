"""The made-up world is reproducible, whole, and goes on when its clock does."""

import hashlib
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from regulars.demo import block as blocks
from regulars.demo.calendar import DAY
from regulars.demo.settings import Settings
from regulars.demo.world import calendar_of, make_world
from tests.unit.demo.conftest import World, collect, query_of, world_of

Ask = Callable[[str], Any]

RAW = {
    "raw_crm": {"profiles", "consents", "leads", "lead_activities", "tickets"},
    "raw_shop": {"accounts", "orders", "order_items", "returns", "products"},
    "raw_store": {"cards", "receipts", "receipt_items"},
    "raw_web": {"hits"},
    "raw_messages": {"subscribers", "offers", "campaigns", "recipients", "sends", "responses"},
}
SMALL = Settings(1_000, 1, seed=5)


def fingerprints(world: World) -> dict[str, str]:
    """A hash of every table's rows in their order."""
    found = {}
    for name, table in world.items():
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table.combine_chunks())
        found[name] = hashlib.sha256(sink.getvalue()).hexdigest()
    return found


def rows_in_any_order(world: World) -> dict[str, tuple[int, int]]:
    """A hash of every table's rows, whatever their order."""
    ask = query_of(world)
    return {name: ask(f"select count(*), sum(hash(t)::hugeint) from {name} as t") for name in world}


def test_five_sources_with_their_own_tables(world: World) -> None:
    found = {name for name in world if name.startswith("raw_")}
    assert found == {f"{schema}.{table}" for schema, tables in RAW.items() for table in tables}
    assert all(table.num_rows for table in world.values())


def test_same_seed_same_rows_in_the_same_order() -> None:
    again = collect(make_world(SMALL, calendar_of(SMALL).end))
    assert fingerprints(again) == fingerprints(world_of(SMALL))


def test_another_seed_changes_every_table() -> None:
    first = fingerprints(world_of(SMALL))
    second = fingerprints(world_of(Settings(1_000, 1, seed=6)))
    same = {name for name in first if first[name] == second[name]}
    assert same == {"truth.days"}


def test_rows_do_not_depend_on_how_much_is_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "PEOPLE_PER_BLOCK", 300)
    end = calendar_of(SMALL).end
    one, three = (collect(make_world(SMALL, end, None, at_once)) for at_once in (1, 3))
    assert fingerprints(one) == fingerprints(three)
    ask = query_of(one)
    for table, key in KEYS:
        assert ask(f"select count(*) - count(distinct {key}) from {table}") == 0, table


@pytest.mark.parametrize("days", [2, 9])
def test_days_that_come_later_are_those_of_a_world_that_lasts_longer(days: int) -> None:
    end = calendar_of(SMALL).end
    longer = collect(make_world(SMALL, end + days * DAY))
    later = collect(make_world(SMALL, end + days * DAY, end))
    shorter = world_of(SMALL)
    together = {
        name: pa.concat_tables([table, later[name]]) if name in later else table
        for name, table in shorter.items()
    }
    assert rows_in_any_order(together) == rows_in_any_order(longer)
    ask = query_of(later)
    assert ask("select count(distinct loaded_at) from raw_web.hits") == days
    for table in ("raw_crm.profiles", "raw_shop.orders", "raw_store.receipts", "raw_web.hits"):
        assert ask(f"select count(*) from {table}") > 0


def test_there_are_as_many_people_as_asked_for(ask: Ask) -> None:
    end = calendar_of(Settings(3_000, 3)).end
    joined = f"select count(*) from truth.persons where epoch(joined_at) < {end}"
    assert ask(joined) == 3_000
    assert ask("select count(distinct person_id) from truth.records") > 2_900


def test_the_clock_stands_at_the_morning_after_the_last_whole_day(ask: Ask) -> None:
    first, last = ask(
        "select min(ordered_at)::date::text, max(ordered_at)::text from raw_shop.orders"
    )
    assert first == "2023-07-01"
    assert "2026-07-01 00:00" < last < "2026-07-01 10:00"
    for table in ("raw_web.hits", "raw_shop.orders"):
        assert ask(f"select max(loaded_at)::text from {table}") == "2026-07-01 10:00:00"


KEYS = [
    ("raw_crm.profiles", "(profile_id, updated_at)"),
    ("raw_crm.consents", "consent_id"),
    ("raw_crm.leads", "lead_id"),
    ("raw_crm.lead_activities", "activity_id"),
    ("raw_crm.tickets", "ticket_id"),
    ("raw_shop.accounts", "account_id"),
    ("raw_shop.orders", "order_id"),
    ("raw_shop.returns", "return_id"),
    ("raw_shop.products", "(product_id, is_available)"),
    ("raw_store.cards", "card_number"),
    ("raw_store.receipts", "receipt_id"),
    ("raw_store.receipt_items", "(receipt_id, position, is_refund)"),
    ("raw_messages.subscribers", "subscriber_id"),
    ("raw_messages.campaigns", "campaign_id"),
    ("raw_messages.recipients", "(campaign_id, subscriber_id)"),
    ("raw_messages.responses", "response_id"),
    ("truth.persons", "person_id"),
    ("truth.records", "(source_name, source_record_id, person_id)"),
    ("truth.orders", "(source_name, order_id)"),
    ("truth.dirt", "(table_name, row_key)"),
    ("truth.conversions", "lead_id"),
]


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_keys_are_unique(ask: Ask, table: str, key: str) -> None:
    assert ask(f"select count(*) - count(distinct {key}) from {table}") == 0


@pytest.mark.parametrize(
    ("table", "key", "there"),
    [
        ("raw_crm.consents", "profile_id", "raw_crm.profiles"),
        ("raw_crm.tickets", "profile_id", "raw_crm.profiles"),
        ("raw_crm.lead_activities", "lead_id", "raw_crm.leads"),
        ("raw_shop.orders", "account_id", "raw_shop.accounts"),
        ("raw_shop.order_items", "order_id", "raw_shop.orders"),
        ("raw_shop.order_items", "product_id", "raw_shop.products"),
        ("raw_shop.returns", "order_id, line_number", "raw_shop.order_items"),
        ("raw_store.receipts", "card_number", "raw_store.cards"),
        ("raw_store.receipt_items", "receipt_id", "raw_store.receipts"),
        ("raw_web.hits", "account_id", "raw_shop.accounts"),
        ("raw_web.hits", "product_id", "raw_shop.products"),
        ("raw_messages.subscribers", "profile_id", "raw_crm.profiles"),
        ("raw_messages.campaigns", "offer_id", "raw_messages.offers"),
        ("raw_messages.recipients", "campaign_id", "raw_messages.campaigns"),
        ("raw_messages.recipients", "subscriber_id", "raw_messages.subscribers"),
        ("raw_messages.sends", "campaign_id, subscriber_id", "raw_messages.recipients"),
        ("raw_messages.responses", "message_id, subscriber_id", "raw_messages.sends"),
        ("truth.records", "person_id", "truth.persons"),
        ("truth.orders", "person_id", "truth.persons"),
        ("truth.lives", "person_id", "truth.persons"),
        ("truth.effects", "person_id", "truth.persons"),
        ("truth.preferences", "person_id", "truth.persons"),
    ],
)
def test_what_is_referred_to_exists(ask: Ask, table: str, key: str, there: str) -> None:
    not_null = " and ".join(f"{column} is not null" for column in key.split(", "))
    lost = f"select count(*) from {table} anti join {there} using ({key}) where {not_null}"
    assert ask(lost) == 0


@pytest.mark.parametrize(
    ("source", "table", "record"),
    [
        ("crm", "raw_crm.profiles", "profile_id"),
        ("crm", "raw_crm.leads", "lead_id"),
        ("shop", "raw_shop.accounts where account_id not like 'X%'", "account_id"),
        ("store", "raw_store.cards", "card_number"),
        ("messages", "raw_messages.subscribers", "subscriber_id"),
        (
            "web",
            "raw_web.hits where coalesce(cookie_id, device_id) is not null",
            "coalesce(cookie_id, device_id)",
        ),
    ],
)
def test_the_truth_knows_whose_every_record_is(
    ask: Ask, source: str, table: str, record: str
) -> None:
    known = f"select source_record_id from truth.records where source_name = '{source}'"
    assert ask(f"select count(*) from (select {record} from {table} except ({known}))") == 0


def test_life_has_an_order(clean: Ask) -> None:
    orders = "from raw_shop.orders join raw_shop.accounts using (account_id)"
    assert clean(f"select count(*) {orders} where ordered_at < registered_at") == 0
    receipts = "from raw_store.receipts join raw_store.cards using (card_number)"
    assert clean(f"select count(*) {receipts} where printed_at < issued_at") == 0
    hits = "from raw_web.hits join raw_shop.accounts using (account_id)"
    assert clean(f"select count(*) {hits} where hit_at < registered_at") == 0
    back = (
        "from raw_shop.returns join raw_shop.orders using (order_id)"
        " join raw_shop.order_items using (order_id, line_number)"
    )
    assert clean(f"select count(*) {back} where returned_at <= ordered_at") == 0
    assert clean(f"select count(*) {back} where returns.quantity > order_items.quantity") == 0
    assert clean("select count(*) from raw_crm.profiles where updated_at < created_at") == 0
    answers = "from raw_messages.responses join raw_messages.sends using (message_id)"
    assert clean(f"select count(*) {answers} where responded_at <= sent_at") == 0
    for table, at in (
        ("raw_web.hits", "hit_at"),
        ("raw_shop.orders", "ordered_at"),
        ("raw_crm.tickets", "opened_at"),
        ("raw_messages.responses", "responded_at"),
    ):
        assert clean(f"select count(*) from {table} where {at} > loaded_at") == 0


def test_amounts_are_exact_and_in_range(ask: Ask) -> None:
    names = "select string_agg(distinct typeof({0})) from {1}"
    columns = {
        "unit_price": "raw_shop.order_items",
        "refund_amount": "raw_shop.returns",
        "piece_price": "raw_store.receipt_items",
        "list_price": "raw_shop.products",
    }
    assert {ask(names.format(*pair)) for pair in columns.items()} == {"DECIMAL(18,4)"}
    overdone = "quantity > 0 and discount_amount >= quantity * unit_price"
    assert ask(f"select count(*) from raw_shop.order_items where {overdone}") == 0
    wrong = "raw_shop.order_items join raw_shop.products using (product_id)"
    assert ask(f"select count(*) from {wrong} where unit_price <> list_price") == 0


def test_nobody_is_written_to_against_their_will(clean: Ask) -> None:
    """The last decision before a message was a yes."""
    against = clean(
        """
        with decided as (
            select subscriber_id, channel, decided_at, status
            from raw_crm.consents
            join (
                select person_id, source_record_id as profile_id
                from truth.records where source_name = 'crm'
            ) using (profile_id)
            join (
                select person_id, source_record_id as subscriber_id
                from truth.records where source_name = 'messages'
            ) using (person_id)
        )
        select count(*) filter (status is distinct from 'granted'), count(*)
        from raw_messages.sends
        asof left join decided
            on sends.subscriber_id = decided.subscriber_id
            and sends.channel = decided.channel
            and sends.sent_at >= decided.decided_at
        """
    )
    assert against[0] == 0
    assert against[1] > 1_000


def test_the_control_group_is_a_tenth_and_gets_nothing(ask: Ask) -> None:
    share = ask("select avg((arm = 'control')::int) from raw_messages.recipients")
    assert share == pytest.approx(0.10, abs=0.01)
    sent = "raw_messages.sends join raw_messages.recipients using (campaign_id, subscriber_id)"
    assert ask(f"select count(*) from {sent} where arm = 'control'") == 0


def test_an_airline_sells_dated_seats(travel: Ask) -> None:
    assert travel("select count(distinct category) from raw_shop.products") == 8
    dated = "regexp_matches(product_name, '^[A-Za-zö-]+.* Seat 20[0-9]{2}-[0-9]{2}$')"
    assert travel(f"select count(*) from raw_shop.products where not {dated}") == 0
    bought = (
        "raw_shop.order_items join raw_shop.orders using (order_id)"
        " join (select distinct product_id, product_name from raw_shop.products)"
        " using (product_id)"
    )
    month = "datediff('month', ordered_at, (right(product_name, 7) || '-01')::date)"
    earliest, mean, latest = travel(
        f"select min({month}), avg({month}), max({month}) from {bought}"
    )
    assert (earliest, latest) == (0, 7)
    assert 1.5 < mean < 3
