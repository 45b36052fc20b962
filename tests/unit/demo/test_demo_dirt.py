"""The made-up data are as dirty as stated, and the truth says where."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regulars.demo import dirt
from regulars.demo.dirt import KINDS, Kind
from regulars.demo.settings import Settings
from tests.unit.demo.conftest import query_of, world_of

Ask = Callable[[str], Any]
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "demo-dirt.md"

# how a spoiled row shows in its table, and the columns that make up its key
SHOWN = {
    ("junk_email", "raw_crm.profiles"): f"email in {dirt.JUNK_EMAILS}",
    ("role_email", "raw_crm.profiles"): "email like '%@firm%'",
    ("shared_phone", "raw_crm.profiles"): "phone = '+49 800 5550000'",
    ("odd_case", "raw_shop.accounts"): "email = upper(email)",
    ("blanks", "raw_shop.accounts"): "email <> trim(email)",
    ("plus_address", "raw_shop.accounts"): "email like '%+shop@%'",
    ("other_currency", "raw_shop.orders"): "currency <> 'EUR'",
    ("bad_quantity", "raw_shop.order_items"): "quantity <= 0",
    ("no_product", "raw_shop.order_items"): "product_id is null",
    ("negative_price", "raw_store.receipt_items"): "piece_price < 0",
    ("late", "raw_web.hits"): "loaded_at > hit_at + interval 24 hour",
    ("future", "raw_web.hits"): "hit_at > loaded_at",
    ("nobody", "raw_web.hits"): "cookie_id is null and device_id is null",
    ("late", "raw_messages.responses"): "loaded_at > responded_at + interval 24 hour",
}  # fmt: skip


@pytest.mark.parametrize(("kind", "table"), SHOWN)
def test_what_shows_is_what_the_truth_says(ask: Ask, kind: str, table: str) -> None:
    told = f"select count(*) from truth.dirt where table_name = '{table}' and kind = '{kind}'"
    assert ask(f"select count(*) from {table} where {SHOWN[kind, table]}") == ask(told) > 0


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("raw_shop.order_items", "(order_id, line_number)"),
        ("raw_web.hits", "hit_id"),
        ("raw_messages.sends", "message_id"),
    ],
)
def test_rows_that_come_twice_are_equal(ask: Ask, table: str, key: str) -> None:
    told = f"select count(*) from truth.dirt where table_name = '{table}' and kind = 'twice'"
    assert ask(f"select count(*) - count(distinct {key}) from {table}") == ask(told) > 0
    assert ask(f"select count(*) from (select distinct * from {table})") == ask(
        f"select count(distinct {key}) from {table}"
    )


def test_there_are_as_many_test_accounts_as_the_truth_says(ask: Ask) -> None:
    told = ask("select count(*) from truth.dirt where kind = 'test_account'")
    # the account that one is made beside may have come with the last load
    found = ask(f"select count(*) from raw_shop.accounts where email = '{dirt.TEST_EMAIL}'")
    assert told - 1 <= found <= told
    assert found > 0


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.table} {kind.name}")
def test_each_kind_is_as_frequent_as_stated(ask: Ask, kind: Kind) -> None:
    found = ask(
        "select count(*) from truth.dirt"
        f" where table_name = '{kind.table}' and kind = '{kind.name}'"
    )
    rows = ask(f"select count(*) from {kind.table}")
    assert found == pytest.approx(
        rows * kind.rate, abs=5 * (rows * kind.rate) ** 0.5 + 0.1 * rows * kind.rate
    )


def test_nothing_is_wrong_in_a_clean_world(clean: Ask) -> None:
    assert clean("select count(*) from truth.dirt") == 0
    for (_, table), shown in SHOWN.items():
        # a response to the last message of a day isn't late
        assert clean(f"select count(*) from {table} where {shown}") == 0


def test_a_heavy_world_is_four_times_as_dirty(ask: Ask) -> None:
    heavy = query_of(world_of(Settings(1_000, 1, dirt="heavy")))
    share = (
        "select (select count(*) from truth.dirt where table_name = 'raw_web.hits')"
        " / (select count(*) from raw_web.hits)"
    )
    assert heavy(share) == pytest.approx(4 * ask(share), rel=0.2)


def test_swapped_letters_keep_the_first_and_all_of_them() -> None:
    names = np.array(["Müller", "Li", "Ek", "Ángeles"])
    swapped = dirt.swap_letters(names, np.random.default_rng(1))
    assert [sorted(name) for name in swapped] == [sorted(name) for name in names]
    assert [name[0] for name in swapped] == ["M", "L", "E", "Á"]
    assert swapped[0] != "Müller"


def test_misread_names_can_be_read_again() -> None:
    misread = dirt.misread(np.array(["Müller", "Berg"]))
    assert misread.tolist() == ["MÃ¼ller", "Berg"]
    assert misread[0].encode("latin-1").decode() == "Müller"


def test_the_documented_table_is_the_one_in_the_code() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    expected = []
    for kind in KINDS:
        rates = " | ".join(f"{dirt.rate(kind, level):.2%}" for level in ("normal", "heavy"))
        ends = f"{kind.ends}: `{kind.reason}`" if kind.reason else kind.ends
        expected.append(f"| `{kind.table}` | {kind.name} | {kind.what} | {rates} | {ends} |")
    assert rows == expected
