"""Which days a backfill stands at."""

import json
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import duckdb
import pytest

from regulars.building.past_days import Known, days_to_fill, held_days, known_days
from regulars.engines.duckdb_reading import BuiltTables
from regulars.errors import UserError

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
KNOWN = Known(FIRST, LAST, ["churn", "purchase"])


def test_days_are_counted_from_the_first_one_and_end_at_the_last_one() -> None:
    begun = date(2026, 3, 1)
    assert days_to_fill(begun, date(2026, 4, 20), 30, KNOWN) == [
        begun,
        date(2026, 3, 31),
        date(2026, 4, 20),
    ]
    assert days_to_fill(begun, date(2026, 3, 31), 30, KNOWN) == [begun, date(2026, 3, 31)]
    assert days_to_fill(begun, begun, 30, KNOWN) == [begun]


def test_the_newest_day_may_be_running_and_is_not_taken_unless_it_is_named() -> None:
    assert days_to_fill(date(2026, 6, 29), None, 30, KNOWN) == [date(2026, 6, 29)]
    assert days_to_fill(date(2026, 6, 28), None, 30, KNOWN)[-1] == date(2026, 6, 29)
    assert days_to_fill(date(2026, 6, 28), LAST, 30, KNOWN)[-1] == LAST


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (date(2025, 12, 31), None, "--from 2025-12-31 lies outside"),
        (date(2026, 3, 1), date(2026, 7, 1), "--to 2026-07-01 lies outside"),
        (date(2026, 3, 1), date(2026, 2, 1), "--from 2026-03-01 comes after --to 2026-02-01"),
        (LAST, None, "--from 2026-06-30 comes after --to 2026-06-29"),
    ],
)
def test_days_that_cannot_be_stood_at_are_refused(
    first: date, last: date | None, message: str
) -> None:
    with pytest.raises(UserError, match=message):
        days_to_fill(first, last, 30, KNOWN)


def test_what_the_warehouse_says_is_read() -> None:
    said = {"first_day": "2026-01-01", "last_day": "2026-06-30", "predictions": KNOWN.predictions}
    project = SimpleNamespace(operate=lambda macro, arguments: ["a warning", json.dumps(said)])
    assert known_days(project) == KNOWN  # type: ignore[arg-type]
    said["first_day"] = None  # type: ignore[assignment]
    with pytest.raises(UserError, match="There are no events"):
        known_days(project)  # type: ignore[arg-type]


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def test_nothing_is_held_before_the_first_build(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert held_days(BuiltTables(warehouse), ["churn"]) == set()


def test_a_day_is_held_when_each_prediction_was_asked_there(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """On the 3rd nobody could be scored for a purchase, on the 2nd nobody had been asked."""
    warehouse.execute(
        "create schema scores; create schema journal;"
        "create table journal.runs as from (values"
        " ('r2', '[{\"node\": \"score_churn\"}]'),"
        ' (\'r3\', \'[{"node": "score_churn"}, {"node": "score_purchase"}]\')'
        ") as runs (run_id, nodes);"
        "create table scores.customer_score_history as from (values"
        " (date '2026-03-01', 'churn', 'forgotten', null),"
        " (date '2026-03-01', 'purchase', 'forgotten', null),"
        " (date '2026-03-02', 'churn', 'r2', null),"
        " (date '2026-03-02', 'purchase', 'r1', 'r2'),"
        " (date '2026-03-03', 'churn', 'r3', null),"
        " (date '2026-03-04', 'purchase', 'forgotten', null)"
        ") as history (score_date, prediction, run_id, replaced_by_run_id)"
    )
    held = held_days(BuiltTables(warehouse), ["churn", "purchase"])
    assert held == {date(2026, 3, 1), date(2026, 3, 3)}
    assert date(2026, 3, 4) in held_days(BuiltTables(warehouse), ["purchase"])
