"""What was expected and found, in a person's words."""

from typing import Any

import pytest

from regulars.gates.wording import columns_of, condition_text, limits_of, number, observed_of

BETWEEN = "expect_column_values_to_be_between"
SHARE = "expect_column_proportion_of_non_null_values_to_be_between"


@pytest.mark.parametrize(
    ("type_", "arguments", "said"),
    [
        (BETWEEN, {"column": "a", "min_value": 0.0}, "at least 0"),
        (BETWEEN, {"column": "a", "min_value": 0.0, "max_value": 0.2}, "at least 0, at most 0.2"),
        (BETWEEN, {"min_value": 0, "max_value": 1, "strict_min": True, "strict_max": True},
         "above 0, below 1"),
        (BETWEEN, {"min_value": 0, "strict_min": False, "strict_max": False}, "at least 0"),
        (BETWEEN, {"min_value": 3.0, "max_value": 3.0}, "exactly 3"),
        (BETWEEN, {"min_value": "1990-01-01"}, "at least 1990-01-01"),
        (BETWEEN, {"max_value": 1, "mostly": 0.995}, "at most 1, for 99.5% of rows"),
        (BETWEEN, {"max_value": 1, "mostly": 1.0}, "at most 1"),
        (BETWEEN, {"max_value": 1_200_000}, "at most 1,200,000"),
        ("expect_column_values_to_not_be_null", {"column": "a"}, "present"),
        ("expect_column_values_to_not_be_null", {"column": "a", "mostly": 0.9},
         "present, for 90% of rows"),
        ("expect_column_values_to_be_unique", {"column": "a"}, "unique"),
        ("expect_compound_columns_to_be_unique",
         {"column_list": ["a", "b"], "ignore_row_if": "never"}, "unique together"),
        ("expect_column_values_to_be_in_set", {"column": "a", "value_set": [1, 2024]},
         "one of 1, 2024"),
        ("expect_column_values_to_be_in_set", {"value_set": list(range(14))},
         "one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … (14 in all)"),
        ("expect_column_values_to_not_be_in_set", {"value_set": ["x"]}, "none of x"),
        ("expect_column_distinct_values_to_equal_set", {"value_set": ["x"]}, "exactly x"),
        ("expect_column_distinct_values_to_be_in_set", {"value_set": ["x"]}, "only x"),
        ("expect_column_distinct_values_to_contain_set", {"value_set": ["x"]}, "all of x"),
        ("expect_column_pair_values_a_to_be_greater_than_b",
         {"column_A": "a", "column_B": "b", "or_equal": True, "ignore_row_if": "neither"},
         "at least b"),
        ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "a", "column_B": "b"},
         "above b"),
        ("expect_column_pair_values_to_be_equal", {"column_A": "a", "column_B": "b"},
         "equal to b"),
        ("expect_table_columns_to_match_set", {"column_set": ["a", "b"], "exact_match": False},
         "the columns a, b"),
        ("expect_table_columns_to_match_set", {"column_set": ["a"]}, "only the columns a"),
        ("expect_table_columns_to_match_ordered_list", {"column_list": ["a", "b"]},
         "only the columns a, b in this order"),
        ("expect_column_to_exist", {"column": "a"}, "there"),
        ("expect_table_row_count_to_equal", {"value": 2000}, "exactly 2,000"),
        ("expect_column_values_to_be_of_type", {"type_": "Integer"}, "of type Integer"),
        ("expect_column_quantile_values_to_be_between",
         {"quantile_ranges": {"quantiles": [0.5, 0.9], "value_ranges": [[0, 1.5], [2, 9]]}},
         "50%: 0 to 1.5, 90%: 2 to 9"),
        ("expect_column_value_z_scores_to_be_less_than", {"threshold": 3, "double_sided": False},
         "threshold 3"),
        (BETWEEN, {"min_value": 1, "condition_parser": "x", "row_condition": {
            "type": "comparison", "column": {"name": "b"}, "operator": ">", "parameter": 2}},
         "at least 1, where b > 2"),
        ("unexpected_rows_expectation", {"unexpected_rows_query": "select *\n from {batch}"},
         "no rows of: select * from {batch}"),
        (SHARE, {}, None),
    ],
)  # fmt: skip
def test_limits_are_said(type_: str, arguments: dict[str, Any], said: str | None) -> None:
    before = dict(arguments)
    assert limits_of(type_, arguments) == said
    assert arguments == before


def test_a_long_query_is_cut_and_a_description_stands_for_it() -> None:
    query = {"unexpected_rows_query": "select " + "x" * 500}
    said = limits_of("unexpected_rows_expectation", query)
    assert said is not None
    assert said.endswith("x…")
    assert len(said) < 200
    assert limits_of("unexpected_rows_expectation", query, "No x") == "No x"


def test_a_suites_own_words_go_before_the_limits() -> None:
    assert limits_of(BETWEEN, {"min_value": 1}, "No x") == "No x (at least 1)"
    assert limits_of(SHARE, {}, "No x") == "No x"


@pytest.mark.parametrize(
    ("type_", "found", "said"),
    [
        (BETWEEN, {"unexpected_count": 0, "element_count": 2064}, "all 2,064 rows pass"),
        (BETWEEN, {"unexpected_count": 0, "element_count": 1}, "the only row passes"),
        (BETWEEN, {"unexpected_count": 0, "element_count": 0}, "no rows"),
        (BETWEEN, {"unexpected_count": 3, "element_count": 2064},
         "3 of 2,064 rows fail (0.145%)"),
        (BETWEEN, {"unexpected_count": 1, "element_count": 2}, "1 of 2 rows fails (50%)"),
        (BETWEEN, {"unexpected_count": 1, "element_count": 1}, "1 of 1 row fails (100%)"),
        ("expect_column_values_to_not_be_null", {"unexpected_count": 1, "element_count": 2},
         "1 of 2 rows is empty (50%)"),
        ("expect_column_mean_to_be_between", {"observed_value": 2.0219752}, "2.02198"),
        ("expect_table_row_count_to_be_between", {"observed_value": 41000}, "41,000"),
        ("expect_column_max_to_be_between", {"observed_value": "2026-11-20T10:00:00"},
         "2026-11-20T10:00:00"),
        ("expect_column_quantile_values_to_be_between",
         {"observed_value": {"quantiles": [0.5], "values": [3.0]}}, "50%: 3"),
        ("expect_column_distinct_values_to_equal_set",
         {"observed_value": None, "missing_count": 1, "unexpected_count": 1200},
         "missing values: 1, other values: 1,200"),
        ("expect_column_distinct_values_to_be_in_set", {"observed_value": None}, "as expected"),
        ("expect_column_to_exist", {}, "there"),
        ("unexpected_rows_expectation", {"observed_value": 0}, "no rows"),
        ("unexpected_rows_expectation", {"observed_value": 1}, "1 row"),
        ("unexpected_rows_expectation", {"observed_value": 1200}, "1,200 rows"),
        ("expect_table_columns_to_match_set", {"observed_value": ["a"]}, "all there"),
        ("expect_column_most_common_value_to_be_in_set", {"observed_value": ["web"]},
         "not shown: values of channel"),
    ],
)  # fmt: skip
def test_what_was_found_is_said(type_: str, found: dict[str, Any], said: str) -> None:
    assert observed_of(type_, found, {"column": "channel"}, True, shows_values=False) == said


def test_not_met_is_said_where_nothing_else_is_found() -> None:
    column = {"column": "a"}
    assert observed_of("expect_column_to_exist", {}, column, False, False) == "not there"
    assert observed_of("expect_x", {}, column, False, False) == "not as expected"


def test_columns_that_differ_are_named() -> None:
    found = {"details": {"mismatched": {"missing": ["a"], "unexpected": ["b", "c"]}}}
    kind = "expect_table_columns_to_match_set"
    assert observed_of(kind, found, {"exact_match": False}, False, False) == "missing: a"
    assert (
        observed_of(kind, found, {"exact_match": True}, False, False)
        == "missing: a; not expected: b, c"
    )
    ordered = {"details": {"mismatched": [
        {"Expected Column Position": 1, "Expected": "b", "Found": "c"}]}}  # fmt: skip
    kind = "expect_table_columns_to_match_ordered_list"
    assert observed_of(kind, ordered, {}, False, False) == "column 2 is c, not b"


@pytest.mark.parametrize(
    ("type_", "column", "value", "shows_values", "is_shown"),
    [
        ("expect_column_max_to_be_between", "amount", 3.5, False, True),
        ("expect_column_max_to_be_between", "birth_date", "1871-01-01", False, False),
        ("expect_column_max_to_be_between", "birth_date", "1871-01-01", True, False),
        ("expect_column_max_to_be_between", "phone", 491512345, True, False),
        ("expect_column_max_to_be_between", "item_name", "Green tea", False, False),
        ("expect_column_max_to_be_between", "item_name", "Green tea", True, True),
        ("expect_column_most_common_value_to_be_in_set", "email", ["a@b.example"], True, False),
        ("expect_column_unique_value_count_to_be_between", "email", 12, False, True),
        (SHARE, "email", 0.5, False, True),
        ("expect_column_values_to_be_of_type", "email", "Text", False, True),
        ("expect_column_quantile_values_to_be_between", "a", {"values": ["x"]}, False, False),
    ],
)
def test_values_are_shown_only_where_they_are_nobodys(
    type_: str, column: str, value: Any, shows_values: bool, is_shown: bool
) -> None:
    found, arguments = {"observed_value": value}, {"column": column}
    said = observed_of(type_, found, arguments, True, shows_values)
    assert said.startswith("not shown") is not is_shown


def test_columns_are_those_of_rows() -> None:
    assert columns_of({"column": "a"}) == ["a"]
    assert columns_of({"column_A": "a", "column_B": "b"}) == ["a", "b"]
    assert columns_of({"column_list": ["a", "b"]}) == ["a", "b"]
    assert columns_of({"column_set": ["a", "b"]}) == []
    assert columns_of({"value": 3}) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [(2064, "2,064"), (2064.0, "2,064"), (0.0, "0"), (0.0303030303, "0.030303"), (-1.5, "-1.5"),
     (1234567.891, "1,234,567.89"), (1e300, "1e+300"), (True, "true")],
)  # fmt: skip
def test_numbers_are_written_as_people_do(value: float, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ('col("a") > 1', 'col("a") > 1'),
        ({"type": "nullity", "column": {"name": "a"}, "is_null": True}, "a is empty"),
        ({"type": "nullity", "column": {"name": "a"}, "is_null": False}, "a is present"),
        ({"type": "pass_through", "pass_through_filter": "a > 1"}, "a > 1"),
        ({"type": "and", "conditions": [
            {"type": "comparison", "column": {"name": "a"}, "operator": ">", "parameter": 1},
            {"type": "comparison", "column": {"name": "b"}, "operator": "==", "parameter": "x"}]},
         "a > 1 and b == x"),
    ],
)  # fmt: skip
def test_conditions_are_said_in_one_line(condition: Any, said: str) -> None:
    assert condition_text(condition) == said
