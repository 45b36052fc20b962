"""Drafted suites: few, far from the edge, nothing personal, and passed by their own table."""

import json
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.engines.duckdb_reading import WITHOUT_SQL, BuiltTables
from regulars.gates.draft import draft_suite, suite_text
from regulars.gates.gated_tables import DeclaredTable
from regulars.gates.suite_problems import KnownTable, SuiteJudge
from regulars.gates.wording import limits_of
from tests.unit.gates.conftest import Check

NOT_NULL = "expect_column_values_to_not_be_null"


def draft(sql: str, declared: DeclaredTable | None = None) -> dict[str, Any]:
    """The suite that is drafted for the rows of a query."""
    session = duckdb.connect()
    session.execute(f"create table t as {sql}")
    return draft_suite("t", BuiltTables(session), "t", declared)


def said(suite: dict[str, Any], column: str) -> list[tuple[str, str | None]]:
    """What a suite expects of one column: severity and limits."""
    return [
        (e["severity"], limits_of(e["type"], e["kwargs"]))
        for e in suite["expectations"]
        if e["kwargs"].get("column") == column
    ]


def test_a_table_keeps_its_columns_and_about_its_size() -> None:
    suite = draft("select i as a, i as b from range(2064) r(i)")
    columns, rows = suite["expectations"][:2]
    assert columns == {
        "type": "expect_table_columns_to_match_set",
        "kwargs": {"column_set": ["a", "b"], "exact_match": False},
        "severity": "critical",
    }
    assert rows == {
        "type": "expect_table_row_count_to_be_between",
        "kwargs": {"min_value": 1000, "max_value": 4200},
        "severity": "warning",
    }


def test_an_empty_table_is_known_by_columns_and_declared_keys_alone() -> None:
    suite = draft("select 1 as a_id, 'x' as b where false", DeclaredTable("x", keys=[["a_id"]]))
    assert [e["type"] for e in suite["expectations"]] == [
        "expect_table_columns_to_match_set",
        NOT_NULL,
        "expect_column_values_to_be_unique",
    ]
    assert "meta" not in draft("select 1 as a_id where false")


@pytest.mark.parametrize(
    ("column", "limits"),
    [
        ("i", [("critical", "at least 0"), ("warning", "at most 200")]),
        ("i + 3", [("critical", "at least 0"), ("warning", "at most 500")]),
        ("i - 50", [("warning", "at least -100, at most 100")]),
        ("i - 500", [("warning", "at least -1,000, at most -200")]),
        ("i / 1000", [("critical", "at least 0"), ("warning", "at most 0.2")]),
        ("cast(i as decimal(18, 4)) * 1000",
         [("critical", "at least 0"), ("warning", "at most 200,000")]),
        ("0", [("critical", "at least 0")]),
        ("case when i = 1 then cast('nan' as double) else i end", []),
        ("case when i = 1 then cast('infinity' as double) else i end", []),
    ],
)  # fmt: skip
def test_numbers_have_generous_ranges(column: str, limits: list[tuple[str, str]]) -> None:
    suite = draft(f"select {column} as amount from range(100) r(i)")
    assert said(suite, "amount")[1:] == limits


@pytest.mark.parametrize(
    ("name", "column", "limits"),
    [
        ("churn_score", "i / 200", "at least 0, at most 1"),
        ("share", "i / 200", "at least 0, at most 1"),
        ("score_percentile", "i / 2", "at least 0, at most 100"),
        ("recency_score", "2 + i % 3", "at least 1, at most 5"),
        ("score_decile", "1 + i % 9", "at least 1, at most 10"),
        ("label", "i % 2", "at least 0, at most 1"),
        ("recency_score", "i % 5", "at least 0, at most 5"),
    ],
)
def test_shares_and_grades_have_the_range_that_they_have_by_nature(
    name: str, column: str, limits: str
) -> None:
    suite = draft(f"select cast({column} as {'double' if '/' in column else 'integer'})"
                  f" as {name} from range(100) r(i)")  # fmt: skip
    assert said(suite, name)[1:] == [("critical", limits)]


@pytest.mark.parametrize(
    ("filled", "limits"),
    [(100, "present"), (99, "present, for 94% of rows"), (90, "present, for 80% of rows"),
     (60, "present, for 30% of rows"), (49, None), (0, None)],
)  # fmt: skip
def test_a_column_stays_about_as_filled_as_it_is(filled: int, limits: str | None) -> None:
    suite = draft(f"select case when i < {filled} then date '2026-01-01' end as day"
                  " from range(100) r(i)")  # fmt: skip
    assert said(suite, "day") == ([("warning", limits)] if limits else [])


def test_columns_empty_for_one_reason_are_told_once() -> None:
    suite = draft(
        "select case when i > 9 then i end as a, case when i > 9 then i end as b,"
        " case when i > 19 then i end as c from range(100) r(i)"
    )
    present = [e["kwargs"]["column"] for e in suite["expectations"] if e["type"] == NOT_NULL]
    assert present == ["a", "c"]


def test_the_longest_window_stands_for_its_family() -> None:
    suite = draft(
        "select 1 as orders_30d, 1 as orders_365d, 1 as orders_90d_last_year, 1 as orders"
        " from range(9)"
    )
    columns = {e["kwargs"].get("column") for e in suite["expectations"]}
    assert columns == {None, "orders_365d", "orders_90d_last_year", "orders"}


def test_few_texts_are_a_set_of_names() -> None:
    suite = draft(
        "select case when i % 2 = 0 then 'web' else 'it''s' end as channel,"
        " 'x' || (i % 20) as twenty, 'x' || (i % 21) as more, 'x' as loaded_from, 'r' as run_id"
        " from range(200) r(i)"
    )
    assert said(suite, "channel")[1:] == [("warning", "one of it's, web")]
    assert len(said(suite, "twenty")) == 2
    assert [len(said(suite, name)) for name in ("more", "loaded_from", "run_id")] == [1, 1, 1]


def test_texts_that_are_seen_rarely_are_no_set() -> None:
    suite = draft("select 'x' || i as channel from range(4) r(i)")
    assert [e["type"] for e in suite["expectations"][2:]] == [NOT_NULL]


def test_nothing_personal_is_written() -> None:
    suite = draft(
        """
        select 'Ana' as first_name, 'ana@mail.example' as email, 'bo@mail.example' as note,
            '+49 151 2345678' as remark, '{"size": "xl"}' as extras, 4915123 as phone,
            date '1980-02-03' as birth_date, 'Kiel' as city, 12345 as postcode, i as order_id,
            'cookie-7' as identifier_value
        from range(100) r(i)
        """,
        DeclaredTable("x", keys=[["order_id", "identifier_value"]]),
    )
    text = suite_text(suite)
    for value in ("Ana", "@", "49", "size", "1980", "Kiel", "12345", "cookie-7", "bo"):
        assert value not in text.replace("identifier_value", "").replace("boo", "")
    assert suite["meta"]["keys"] == ["order_id"]
    assert '"phone"' in text


@pytest.mark.parametrize(
    ("sql", "keys", "found"),
    [
        ("i as a, i as b", [["b"]], ["b"]),
        ("i % 9 as a, i as b", [["a"]], []),
        ("i % 9 as a_id, i as b_id", [["a_id"]], ["b_id"]),
        ("i as b, i as order_id", [], ["order_id"]),
        ("i as amount, i as placed_at", [], []),
        ("i % 10 as order_id, i // 10 as line_number, i as amount", [],
         ["order_id", "line_number"]),
        ("i % 10 as customer_id, i // 10 as as_of_date", [], ["customer_id", "as_of_date"]),
        ("i % 5 as a_id, (i // 5) % 5 as b_id, i // 25 as c_type", [], ["a_id", "b_id", "c_type"]),
        ("i || 'x' as email, i as loaded_at", [], []),
        ("i as nosuch_id", [["gone"]], ["nosuch_id"]),
        ("case when i > 0 then i end as order_id", [], []),
    ],
)  # fmt: skip
def test_the_key_is_what_dbt_tests_or_what_turns_out_unique(
    sql: str, keys: list[list[str]], found: list[str]
) -> None:
    suite = draft(f"select {sql} from range(100) r(i)", DeclaredTable("x", keys=keys))
    assert suite.get("meta", {}).get("keys", []) == found
    unique = [e["kwargs"] for e in suite["expectations"] if e["type"].endswith("_unique")]
    assert unique == ([{"column": found[0]}] if len(found) == 1
                      else [{"column_list": found}] if found else [])  # fmt: skip


def test_one_row_proves_no_key() -> None:
    assert "meta" not in draft("select 1 as order_id")


def test_names_need_not_be_words() -> None:
    suite = draft('select 1 as "a ""b""", 2 as "select" from range(9)')
    assert len(said(suite, 'a "b"')) == 3


def test_a_suite_is_one_expectation_a_line() -> None:
    suite = draft("select i as order_id, 'Größe' as kind from range(100) r(i)")
    text = suite_text(suite)
    assert json.loads(text) == suite
    assert "Größe" in text
    lines = text.splitlines()
    head = ["{", '  "name": "t",', '  "meta": {"keys": ["order_id"]},', '  "expectations": [']
    assert lines[:4] == head
    assert len(lines) == 6 + len(suite["expectations"])


COLUMNS = st.sampled_from(
    ["order_id", "channel", "amount", "churn_score", "recency_score", "email", "day", "n_30d"]
)
KINDS = st.sampled_from(["integer", "double", "decimal(18,4)", "varchar", "boolean", "bigint"])
NUMBERS = st.one_of(
    st.none(),
    st.integers(-3, 12),
    st.floats(0, 1),
    st.floats(-1e9, 1e9),
    st.sampled_from([1e-9, 0.1, 5, 10, 100]),
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(COLUMNS, st.tuples(KINDS, st.lists(NUMBERS, min_size=1, max_size=6)),
                    min_size=1, max_size=6),
    st.integers(0, 60),
)  # fmt: skip
def test_every_draft_is_fine_and_passed_by_its_table(
    check: Check, models: Any, table: dict[str, tuple[str, list[Any]]], rows: int
) -> None:
    columns = []
    for name, (kind, values) in table.items():
        listed = ", ".join("null" if v is None else f"cast({v!r} as double)" for v in values)
        picked = f"([{listed}])[1 + i % {len(values)}]"
        picked = f"{picked} > 1" if kind == "boolean" else picked
        columns.append(f"cast({picked} as {kind}) as {name}")
    sql = f"select {', '.join(columns)} from range({rows}) r(i)"
    suite = draft(sql) | {"name": "orders"}
    known = KnownTable("orders", {name: kind.upper() for name, (kind, _) in table.items()})
    assert SuiteJudge(models, WITHOUT_SQL).problems("orders", suite_text(suite), known) == []
    more = {"meta": suite["meta"]} if "meta" in suite else {}
    found = check(*suite["expectations"], sql=sql, **more)
    assert [row for row in found if not row["is_met"]] == []
