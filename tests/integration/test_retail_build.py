"""Online Retail II: the figures that are known of it, through the whole project."""

from decimal import Decimal

import pytest

from tests.worlds import World

pytestmark = pytest.mark.real

PURCHASES = "from customer_timeline where event_type = 'purchase'"


def test_every_row_is_kept_quarantined_or_deduplicated(retail_world: World):
    rows = retail_world.rows(
        "select row_outcome, row_reason, rows_count from input_row_accounting"
        " where input_name = 'events' order by all",
        published=True,
    )
    counts = {(outcome, reason): count for outcome, reason, count in rows}
    assert sum(counts.values()) == 1_067_370
    assert counts["deduplicated", "repeated_in_another_file"] == 22_523
    assert counts["deduplicated", "repeated_in_the_same_file"] == 11_812
    assert {reason for outcome, reason in counts if outcome == "quarantined"} == {
        "missing_source_record_id",
        "unit_price_not_positive",
    }


def test_customers(retail_world: World):
    assert retail_world.value("select count(*) from customers", True) == 5_942
    assert retail_world.value(
        "select count(*) from customers where has_purchased", True
    ) == 5_878 - _bought_last_day(retail_world)


def _bought_last_day(world: World) -> int:
    """Customers whose first purchase fell on the newest day, which may not be complete yet."""
    return world.value(
        "select count(*) from (select customer_id, min(occurred_at)::date as first_date"
        f" {PURCHASES} group by 1) where first_date > (select as_of_date from publication)",
        True,
    )


def test_purchases(retail_world: World):
    assert retail_world.value(f"select count(distinct order_id) {PURCHASES}", True) == 36_969
    assert retail_world.value(f"select count(distinct customer_id) {PURCHASES}", True) == 5_878
    # in-sheet duplicates dropped: docs/decisions says why
    assert retail_world.value(f"select sum(amount) {PURCHASES}", True) == pytest.approx(
        Decimal("17374786.268")
    )
    first = retail_world.rows(
        "select source_record_id from customer_timeline where order_id = '491725'", True
    )
    assert set(first) == {("12346",)}


def test_postage_is_a_purchase_without_an_item(retail_world: World):
    assert retail_world.value(f"select count(*) {PURCHASES} and item_id is null", True) > 1_500
    codes = {
        code
        for (code,) in retail_world.rows(
            "select stock_code from seeds.online_retail_non_product_codes"
        )
    }
    items = {item for (item,) in retail_world.rows("select item_id from inputs.input_items")}
    assert {"POST", "M", "BANK CHARGES"} <= codes
    assert not items & {code.upper() for code in codes}
    assert all(item == item.upper() for item in items)


def test_rows_without_a_customer_never_enter_the_timeline(retail_world: World):
    assert (
        retail_world.value(
            "select count(*) from customer_timeline where source_record_id is null", True
        )
        == 0
    )
    total = retail_world.value(
        "select count(*) from raw_online_retail.transactions where customer_id is null"
    )
    assert total > 235_000


def test_predictions_out_of_time(retail_world: World):
    """The registry's held-out figures are those of a model that saw no label of that day."""
    for prediction, low, high in (("churn", 0.72, 0.835), ("purchase", 0.72, 0.85)):
        auc = retail_world.value(
            "select json_extract(metrics, '$.auc')::double from model_registry"
            f" where prediction = '{prediction}'",
            True,
        )
        assert low < auc < high, prediction
