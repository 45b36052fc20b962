"""Runs and results as the journal tells them."""

import duckdb
import pytest

from regulars.engines.duckdb_reading import BuiltTables
from regulars.errors import UserError
from regulars.gates.journal import checked_run, results_of

RESULTS = """
create schema journal;
create table journal.expectation_results (
    run_id text, gate text, suite text, expectation_number integer, expectation text,
    column_name text, severity text, is_met boolean, observed text, limits text,
    failing_keys text, result text, code_version text, checked_at timestamp
);
insert into journal.expectation_results (run_id, gate, suite, expectation_number, checked_at)
values
    ('abc1', 'scores', 'b', 2, '2026-11-20 06:00'),
    ('abc1', 'scores', 'b', 1, '2026-11-20 06:00'),
    ('abc2', 'inputs', 'a', 1, '2026-11-21 06:00');
"""


@pytest.fixture
def session() -> duckdb.DuckDBPyConnection:
    """A warehouse whose gates have checked two runs."""
    session = duckdb.connect()
    session.execute(RESULTS)
    return session


def test_the_last_checked_run_is_taken(session: duckdb.DuckDBPyConnection) -> None:
    run = checked_run(BuiltTables(session))
    assert (run.run_id, run.outcome, run.started_at.day) == ("abc2", None, 21)


def test_a_run_is_named_by_its_beginning(session: duckdb.DuckDBPyConnection) -> None:
    session.execute(
        "create table journal.runs as select 'abc1' as run_id, 'red' as outcome,"
        " timestamp '2026-11-20 05:00' as started_at"
    )
    run = checked_run(BuiltTables(session), "abc1")
    assert (run.run_id, run.outcome, run.started_at.hour) == ("abc1", "red", 5)


@pytest.mark.parametrize(
    ("run_id", "said"),
    [
        ("abc", "2 runs begin with abc: write more of it."),
        ("abd1", 'No run abd1 left results (did you mean "abc1"?): leave --run out for the last'),
        ("%", "No run % left results: leave --run out for the last one."),
    ],
)
def test_a_run_that_is_not_one_is_refused(
    session: duckdb.DuckDBPyConnection, run_id: str, said: str
) -> None:
    with pytest.raises(UserError) as raised:
        checked_run(BuiltTables(session), run_id)
    assert said in str(raised.value)


def test_no_results_are_one_line() -> None:
    session = duckdb.connect()
    said = "No gate has checked anything yet: regulars build first."
    with pytest.raises(UserError, match=said):
        checked_run(BuiltTables(session))
    session.execute(RESULTS)
    session.execute("delete from journal.expectation_results")
    with pytest.raises(UserError, match=said):
        checked_run(BuiltTables(session))


def test_results_are_those_of_the_run(session: duckdb.DuckDBPyConnection) -> None:
    rows = results_of(BuiltTables(session), "abc1")
    assert [row["expectation_number"] for row in rows] == [1, 2]
    assert rows[0]["checked_at"].year == 2026
