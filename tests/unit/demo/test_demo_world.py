"""The made-up world is reproducible, whole, and as dirty as it says."""

import hashlib
import io
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest

from regulars.demo import rates
from regulars.demo import world as worlds
from regulars.demo.writing import TABLES

World = dict[str, pa.Table]
Ask = Callable[[str], Any]


def fingerprints(customers: int, seed: int) -> dict[str, str]:
    """A hash of every table's rows in their order."""
    hashes: dict[str, Any] = {}
    for name, table in worlds.make_world(customers, 1, seed):
        text = io.BytesIO()
        pyarrow.csv.write_csv(table, text)
        hashes.setdefault(name, hashlib.sha256()).update(text.getvalue())
    return {name: found.hexdigest() for name, found in hashes.items()}


def test_same_seed_same_rows_in_the_same_order() -> None:
    first = fingerprints(1_000, seed=5)
    assert set(first) == set(TABLES)
    assert fingerprints(1_000, seed=5) == first


def test_another_seed_changes_every_table() -> None:
    first, second = fingerprints(1_000, seed=5), fingerprints(1_000, seed=6)
    assert all(first[name] != second[name] for name in TABLES)


def test_a_world_in_blocks_keeps_its_ids_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "PEOPLE_PER_BLOCK", 300)
    keys = {"raw_shop.orders": "order_id", "raw_shop.accounts": "account_id"}
    keys |= {"raw_crm.contacts": "contact_id", "raw_shop.returns": "return_id"}
    seen: dict[str, list[str]] = {name: [] for name in keys}
    browsing: list[set[str]] = []
    for name, table in worlds.make_world(1_000, 1, 1):
        if name in keys:
            seen[name] += table[keys[name]].to_pylist()
        if name == "raw_shop.browsing":
            browsing.append(set(table["event_id"].to_pylist()))
    assert worlds.block_count(1_000) == len(browsing) == 4
    assert all(len(found) == len(set(found)) > 0 for found in seen.values())
    assert len(set.union(*browsing)) == sum(map(len, browsing))


@pytest.mark.parametrize("customers", [50, 1_000])
def test_there_are_as_many_people_as_asked_for(customers: int) -> None:
    rows = {name: table.num_rows for name, table in worlds.make_world(customers, 1, 1)}
    crm_only, shop_only = round(customers * rates.CRM_ONLY), round(customers * rates.SHOP_ONLY)
    assert rows["raw_crm.contacts"] == customers - shop_only
    second_accounts = round(customers * rates.TWO_ACCOUNTS)
    assert rows["raw_shop.accounts"] == customers - crm_only + second_accounts


def test_the_last_complete_day_is_the_worlds_last(ask: Ask) -> None:
    first, last = ask("select min(ordered_at)::date::text, max(ordered_at)::date::text from orders")
    assert (first, last[:7]) == ("2023-07-01", "2026-07")
    assert ask("select max(occurred_at)::date::text from browsing") == "2026-07-01"
    for table in ("contacts", "accounts", "orders", "order_lines", "returns", "browsing"):
        loaded = f"select distinct loaded_at::text from {table}"
        assert ask(loaded) == "2026-07-01 10:00:00"


@pytest.mark.parametrize(
    ("table", "key", "there"),
    [
        ("orders", "account_id", "accounts"),
        ("order_lines", "order_id", "orders"),
        ("order_lines", "product_id", "products"),
        ("returns", "order_id, line_number", "order_lines"),
        ("browsing", "account_id", "accounts"),
        ("browsing", "product_id", "products"),
    ],
)
def test_what_is_referred_to_exists(ask: Ask, table: str, key: str, there: str) -> None:
    not_null = " and ".join(f"{column} is not null" for column in key.split(", "))
    lost = f"select count(*) from {table} anti join {there} using ({key}) where {not_null}"
    assert ask(lost) == 0


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("contacts", "contact_id"),
        ("accounts", "account_id"),
        ("orders", "order_id"),
        ("order_lines", "(order_id, line_number)"),
        ("returns", "return_id"),
        ("products", "product_id"),
        ("products", "product_name || category"),
    ],
)
def test_keys_are_unique(ask: Ask, table: str, key: str) -> None:
    assert ask(f"select count(*) - count(distinct {key}) from {table}") == 0


def test_life_has_an_order(ask: Ask) -> None:
    orders = "from orders join accounts using (account_id)"
    assert ask(f"select count(*) {orders} where ordered_at < registered_at") == 0
    seen = "from browsing join accounts using (account_id)"
    assert ask(f"select count(*) {seen} where occurred_at < registered_at") == 0
    back = (
        "from returns join orders using (order_id) join order_lines using (order_id, line_number)"
    )
    assert ask(f"select count(*) {back} where returned_at <= ordered_at") == 0
    assert ask(f"select count(*) {back} where returns.quantity > order_lines.quantity") == 0
    bought = "from order_lines join orders using (order_id) join products using (product_id)"
    assert ask(f"select count(*) {bought} where ordered_at < launched_at") == 0
    assert ask("select count(*) from contacts where updated_at < created_at") == 0


def test_amounts_are_exact_and_in_range(ask: Ask) -> None:
    names = "select string_agg(distinct typeof({0})) from {1}"
    columns = {"unit_price": "order_lines", "refund_amount": "returns", "list_price": "products"}
    assert {ask(names.format(*pair)) for pair in columns.items()} == {"DECIMAL(18,4)"}
    assert ask("select count(*) from order_lines where unit_price <= 0 or discount_amount < 0") == 0
    overdone = "quantity > 0 and discount_amount >= quantity * unit_price"
    assert ask(f"select count(*) from order_lines where {overdone}") == 0
    wrong = "from order_lines join products using (product_id) where unit_price <> list_price"
    assert ask(f"select count(*) {wrong}") == 0


@pytest.mark.parametrize(
    ("rate", "query"),
    [
        (rates.BAD_QUANTITY, "select avg((quantity <= 0)::int), count(*) from order_lines"),
        (rates.MISSING_PRODUCT, "select avg((product_id is null)::int), count(*) from order_lines"),
        (rates.UNKNOWN_BROWSER, "select avg((account_id is null)::int), count(*) from browsing"),
        (
            rates.DUPLICATE_BROWSING,
            "select count(*) / count(distinct event_id) - 1, count(*) from browsing",
        ),
    ],
)
def test_the_dirt_is_as_stated(ask: Ask, rate: float, query: str) -> None:
    found, rows = ask(query)
    assert found == pytest.approx(rate, abs=4 * (rate / rows) ** 0.5)


def test_duplicates_are_exact(ask: Ask) -> None:
    rows = "select count(*) from (select distinct * from browsing)"
    assert ask(rows) == ask("select count(distinct event_id) from browsing")
