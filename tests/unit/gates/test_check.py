"""Gates: suites that are run inside the warehouse, one row per expectation."""

import json
from typing import Any

import pytest

from regulars.engines.duckdb_reading import WITHOUT_SQL
from regulars.gates.check import to_suite
from regulars.gates.expectation_models import ExpectationModels
from regulars.gates.results import RESULT_SCHEMA
from tests.unit.gates.conftest import Check
from tests.unit.gates.projects import TinyProject, expect

TABLE = """
select i as id, 'ana' || i || '@mail.example' as email, cast(i % 7 as decimal(18, 4)) as amount,
    i / 3 as share, date '2024-01-01' + cast(i as integer) as day,
    timestamp '2024-01-01' + to_hours(cast(i as integer)) as at,
    case when i % 3 = 0 then null when i % 3 = 1 then 'web' else 'store' end as "group",
    i % 2 = 0 as is_even, '{"a": ' || i || '}' as js
from range(100) as r(i)
"""


def test_each_expectation_is_a_row_in_the_order_of_the_suite(check: Check) -> None:
    rows = check(
        expect("expect_column_values_to_be_between", column="amount", min_value=0),
        expect("expect_column_values_to_be_unique", "warning", column="group"),
        expect("expect_column_max_to_be_between", "info", column="amount", max_value=3),
        expect("expect_column_values_to_not_be_null", column="group", mostly=0.5),
        {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 1}},
        sql=TABLE,
        meta={"keys": ["id"]},
    )
    assert [list(row) for row in rows] == [RESULT_SCHEMA.names] * 5
    assert [row["expectation_number"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["is_met"] for row in rows] == [True, False, False, True, True]
    assert [row["severity"] for row in rows] == [
        "critical", "warning", "info", "critical", "critical"]  # fmt: skip
    assert [row["column_name"] for row in rows] == ["amount", "group", "amount", "group", None]
    assert [row["observed"] for row in rows] == [
        "all 100 rows pass",
        "66 of 100 rows fail (66%)",
        "6",
        "34 of 100 rows are empty (34%)",
        "100",
    ]
    assert [row["limits"] for row in rows] == [
        "at least 0", "unique", "at most 3", "present, for 50% of rows", "at least 1"]  # fmt: skip
    assert {(row["run_id"], row["gate"], row["suite"]) for row in rows} == {
        ("run 1", "scores", "orders")
    }
    assert all(row["code_version"].startswith("regulars ") for row in rows)


def test_failing_rows_are_named_by_their_keys_and_nothing_of_theirs_is_kept(check: Check) -> None:
    rows = check(
        expect("expect_column_value_lengths_to_be_between", column="email", max_value=3),
        expect("expect_compound_columns_to_be_unique", column_list=["email", "day"]),
        expect("expect_column_most_common_value_to_be_in_set", column="email", value_set=["x"]),
        expect("expect_column_distinct_values_to_be_in_set", column="email", value_set=["x"]),
        expect("unexpected_rows_expectation", unexpected_rows_query="select * from {batch}"),
        sql=TABLE,
        meta={"keys": ["id", "email"]},
    )
    assert json.loads(rows[0]["failing_keys"]) == [{"id": number} for number in range(5)]
    assert [row["observed"] for row in rows[2:]] == [
        "not shown: values of email", "other values: 100", "100 rows"]  # fmt: skip
    assert "@mail.example" not in str(rows)


def test_tables_of_figures_show_the_values_that_fail(check: Check) -> None:
    (row,) = check(
        expect("expect_column_values_to_be_between", column="share", max_value=32.8),
        sql=TABLE,
        meta={"keys": ["id"], "shows_values": True},
    )
    assert json.loads(row["failing_keys"]) == [{"id": 99, "share": 33.0}]


def test_an_expectation_that_can_not_be_checked_is_not_met_and_says_why(check: Check) -> None:
    rows = check(
        expect("expect_column_values_to_be_between", "warning", column="nosuch", min_value=0),
        expect("expect_column_values_to_be_between", column="amount", min_value=0),
        expect(
            "unexpected_rows_expectation",
            unexpected_rows_query="select * from {batch} where cast(email as integer) > 0",
        ),
        sql=TABLE,
    )
    assert [row["is_met"] for row in rows] == [False, True, False]
    assert rows[0]["observed"].startswith("could not be checked: ")
    assert '"nosuch"' in rows[0]["observed"]
    assert rows[2]["observed"].startswith("could not be checked: Conversion Error: ")
    assert "@" not in str(rows)
    kept = json.loads(rows[2]["result"])["exception_info"]
    assert kept["raised_exception"] is True


@pytest.mark.parametrize(
    ("suite", "said"),
    [
        ('{"name": "orders",\n "expectations": [,]}', "expectations/orders.json:2: Expecting"),
        ('{"name": "orders", "expectations": [{"type": "expect_x", "kwargs": {}}]}',
         "Great Expectations knows no expectation 1 (expect_x): regulars expectations check"),
        ('{"name": "orders", "expectations": [{"type": 7, "kwargs": {}}]}',
         "expectations/orders.json: Great Expectations knows no expectation 1 (7)"),
        ('{"name": "orders", "expectations": [7]}', "expectations/orders.json: "),
        ('{"name": "orders", "expectations": [{"type": "expect_table_row_count_to_equal"}]}',
         "expectations/orders.json: "),
    ],
)  # fmt: skip
def test_a_suite_that_can_not_be_read_is_one_critical_row(
    check: Check, project: TinyProject, suite: str, said: str
) -> None:
    project.write("expectations/orders.json", suite)
    (row,) = check(sql=TABLE)
    assert (row["expectation_number"], row["severity"], row["is_met"]) == (0, "critical", False)
    assert row["expectation"] == "suite_can_be_checked"
    assert said in row["observed"]
    assert "\n" not in row["observed"]
    assert (row["suite"], row["run_id"]) == ("orders", "run 1")


def test_a_missing_suite_is_a_critical_row(check: Check, project: TinyProject) -> None:
    (project.root / "expectations" / "orders.json").unlink()
    (row,) = check(sql=TABLE)
    assert (row["severity"], row["is_met"]) == ("critical", False)
    assert row["observed"].startswith("expectations/orders.json can't be read")


def test_a_suites_own_meta_and_description_are_kept(gx: Any) -> None:
    content = {
        "name": "orders",
        "expectations": [
            expect("expect_table_row_count_to_be_between", min_value=1)
            | {"meta": {"owner": "x"}, "description": "There are orders"}
        ],
    }
    (expectation,) = to_suite(gx, content).expectations
    assert expectation.meta == {"owner": "x", "number": 1}
    assert expectation.description == "There are orders"
    assert "number" not in content["expectations"][0]["meta"]


# one expectation of each type that there is
ONE_OF_EACH = {
    "expect_column_distinct_values_to_be_in_set": {"value_set": ["x"]},
    "expect_column_distinct_values_to_contain_set": {"value_set": ["x"]},
    "expect_column_distinct_values_to_equal_set": {"value_set": ["x"]},
    "expect_column_kl_divergence_to_be_less_than": {
        "column": "group",
        "partition_object": {"values": ["web", "store"], "weights": [0.5, 0.5]},
        "threshold": 0.1,
    },
    "expect_column_max_to_be_between": {"column": "at", "max_value": "2024-02-01T00:00:00"},
    "expect_column_mean_to_be_between": {"column": "amount", "max_value": 1},
    "expect_column_median_to_be_between": {"column": "amount", "max_value": 1},
    "expect_column_min_to_be_between": {"column": "day", "max_value": "2024-02-01"},
    "expect_column_most_common_value_to_be_in_set": {"value_set": ["x"]},
    "expect_column_pair_values_a_to_be_greater_than_b": {"column_A": "id", "column_B": "amount"},
    "expect_column_pair_values_to_be_equal": {"column_A": "id", "column_B": "amount"},
    "expect_column_pair_values_to_be_in_set": {
        "column_A": "group",
        "column_B": "is_even",
        "value_pairs_set": [["web", True]],
    },
    "expect_column_proportion_of_non_null_values_to_be_between": {"min_value": 0.5},
    "expect_column_proportion_of_unique_values_to_be_between": {"min_value": 0.5},
    "expect_column_quantile_values_to_be_between": {
        "column": "amount",
        "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[0, 1]]},
    },
    "expect_column_stdev_to_be_between": {"column": "amount", "max_value": 1},
    "expect_column_sum_to_be_between": {"column": "amount", "max_value": 1},
    "expect_column_to_exist": {},
    "expect_column_type_to_be": {"type_": "String"},
    "expect_column_unique_value_count_to_be_between": {"max_value": 1},
    "expect_column_value_lengths_to_be_between": {"max_value": 1},
    "expect_column_value_lengths_to_equal": {"value": 1},
    "expect_column_value_z_scores_to_be_less_than": {
        "column": "share",
        "threshold": 1,
        "double_sided": True,
    },
    "expect_column_values_to_be_between": {"column": "at", "min_value": "2024-01-02T00:00:00"},
    "expect_column_values_to_be_dateutil_parseable": {},
    "expect_column_values_to_be_decreasing": {"column": "id"},
    "expect_column_values_to_be_in_set": {"value_set": ["x"]},
    "expect_column_values_to_be_in_type_list": {"type_list": ["String"]},
    "expect_column_values_to_be_increasing": {"column": "id"},
    "expect_column_values_to_be_json_parseable": {"column": "js"},
    "expect_column_values_to_be_null": {},
    "expect_column_values_to_be_of_type": {"type_": "String"},
    "expect_column_values_to_be_unique": {"column": "group"},
    "expect_column_values_to_match_json_schema": {"column": "js", "json_schema": {}},
    "expect_column_values_to_match_like_pattern": {"like_pattern": "x%"},
    "expect_column_values_to_match_like_pattern_list": {"like_pattern_list": ["x%"]},
    "expect_column_values_to_match_regex": {"regex": "x"},
    "expect_column_values_to_match_regex_list": {"regex_list": ["x"]},
    "expect_column_values_to_match_strftime_format": {"strftime_format": "%Y"},
    "expect_column_values_to_not_be_in_set": {"value_set": ["x"]},
    "expect_column_values_to_not_be_null": {},
    "expect_column_values_to_not_be_outliers": {
        "column": "share",
        "method": "std",
        "multiplier": 1,
    },
    "expect_column_values_to_not_match_like_pattern": {"like_pattern": "x%"},
    "expect_column_values_to_not_match_like_pattern_list": {"like_pattern_list": ["x%"]},
    "expect_column_values_to_not_match_regex": {"regex": "x"},
    "expect_column_values_to_not_match_regex_list": {"regex_list": ["x"]},
    "expect_compound_columns_to_be_unique": {"column_list": ["group", "is_even"]},
    "expect_multicolumn_sum_to_equal": {"column_list": ["amount", "share"], "sum_total": 3},
    "expect_multicolumn_values_to_be_equal": {"column_list": ["amount", "share"]},
    "expect_query_results_to_match_comparison": {
        "base_query": "select 1",
        "comparison_data_source_name": "warehouse",
        "comparison_query": "select 2",
    },
    "expect_select_column_values_to_be_unique_within_record": {"column_list": ["amount", "share"]},
    "expect_table_column_count_to_be_between": {"max_value": 1},
    "expect_table_column_count_to_equal": {"value": 1},
    "expect_table_columns_to_match_ordered_list": {"column_list": ["id"]},
    "expect_table_columns_to_match_set": {"column_set": ["id"]},
    "expect_table_row_count_to_be_between": {"max_value": 1},
    "expect_table_row_count_to_equal": {"value": 1},
    "expect_table_row_count_to_equal_other_table": {"other_table_name": "gated_orders"},
    "unexpected_rows_expectation": {"unexpected_rows_query": "select * from {batch}"},
}


def test_what_has_no_sql_is_known_and_nothing_shows_anybody(
    check: Check, models: ExpectationModels
) -> None:
    assert sorted(ONE_OF_EACH) == models.types
    expectations = []
    for type_, kwargs in ONE_OF_EACH.items():
        needs_column = "column" in models.arguments(type_)
        expectations.append(expect(type_, **({"column": "email"} if needs_column else {}) | kwargs))
    rows = check(*expectations, sql=TABLE, meta={"keys": ["id"], "shows_values": True})
    assert len(rows) == len(ONE_OF_EACH)
    failed = {
        row["expectation"] for row in rows if row["observed"].startswith("could not be checked")
    }
    assert failed == set(WITHOUT_SQL)
    assert "@mail.example" not in str(rows)
    assert all(row["observed"] for row in rows)
