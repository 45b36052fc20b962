"""What is kept of a result can't be personal."""

from types import SimpleNamespace
from typing import Any

import pytest

from regulars.gates.results import RESULT_SCHEMA, reason_of, result_row, unreadable_row

MAIL = "ana@mail.example"


def a_result(found: dict[str, Any], type_: str = "expect_x", **kwargs: Any) -> Any:
    """What Great Expectations gives for one expectation."""
    config = {"type": type_, "kwargs": {"batch_id": "b", **kwargs}, "meta": {"number": 1}}
    content = {
        "success": False,
        "expectation_config": config,
        "result": found,
        "exception_info": {"raised_exception": False},
    }
    return SimpleNamespace(to_json_dict=lambda: content)


def test_values_of_rows_are_left_out_whatever_they_are_called() -> None:
    found = {
        "element_count": 3,
        "unexpected_count": 1,
        "partial_unexpected_list": [MAIL],
        "unexpected_rows": [MAIL],
        "a_part_that_comes_with_a_later_version": {"deep": [MAIL]},
        "details": {"unexpected_rows": [MAIL], "value_counts": {MAIL: 1}},
        "partial_unexpected_index_list": [{"id": 7, "email": MAIL, "note": MAIL}],
        "unexpected_index_query": f"select 1 where email = '{MAIL}'",
        "observed_value": [MAIL],
    }
    row = result_row(a_result(found, column="email"), {"keys": ["id", "email"]})
    assert MAIL not in str(row)
    assert row["failing_keys"] == '[{"id": 7}]'
    assert row["column_name"] == "email"
    assert row["observed"] == "1 of 3 rows fails (33.3%)"


def test_values_are_shown_where_the_suite_says_so_but_never_personal_ones() -> None:
    found = {
        "element_count": 3,
        "unexpected_count": 1,
        "partial_unexpected_index_list": [{"id": 7, "share": 0.4, "email": MAIL}],
    }
    row = result_row(a_result(found, column="share"), {"keys": ["id"], "shows_values": True})
    assert row["failing_keys"] == '[{"id": 7, "share": 0.4}]'
    assert MAIL not in str(row)


def test_a_key_is_named_once_and_no_key_is_no_list() -> None:
    found = {"partial_unexpected_index_list": [{"id": 7}, {"id": 7}, {"id": 8}]}
    assert result_row(a_result(found), {"keys": ["id"]})["failing_keys"] == '[{"id": 7}, {"id": 8}]'
    assert result_row(a_result(found), {})["failing_keys"] is None
    assert result_row(a_result(found), {"keys": None})["failing_keys"] is None


def test_a_severity_that_is_missing_is_critical() -> None:
    assert result_row(a_result({}), {})["severity"] == "critical"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (f"Conversion Error: Could not convert string '{MAIL}' to INT32\nLINE 1: … {MAIL}",
         "Conversion Error: Could not convert string '…' to INT32"),
        (f'(_duckdb.ConversionException) Conversion Error: invalid date field: "{MAIL}", expected'
         f" x [SQL: select '{MAIL}'] [parameters: ('{MAIL}',)]",
         "Conversion Error: invalid date field: '…', expected x"),
        ('Binder Error: Referenced column "nosuch" not found [SQL: x]',
         'Binder Error: Referenced column "nosuch" not found'),
        ("Regex is not supported\n  for dialect 'duckdb'",
         "Regex is not supported for dialect 'duckdb'"),
    ],
)  # fmt: skip
def test_an_engines_message_cites_no_values(message: str, said: str) -> None:
    assert reason_of(message) == said


def test_a_suite_that_can_not_be_checked_fails_critically() -> None:
    row = unreadable_row(ValueError("it\nis broken"))
    assert row.keys() == set(RESULT_SCHEMA.names) - {"run_id", "gate", "suite", "code_version"}
    assert (row["severity"], row["is_met"], row["observed"]) == ("critical", False, "it is broken")
