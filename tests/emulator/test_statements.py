"""The emulator itself, quick enough for every run: what it takes, weakens, refuses and returns."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import snowflake.connector
from snowflake.connector.errors import ProgrammingError

from tests.emulator.server import Emulator

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def ask(running: Emulator) -> Iterator[Ask]:
    """Runs a statement on the emulator, in a schema of its own."""
    with snowflake.connector.connect(**running.connection, schema="SHOP") as connection:
        yield lambda sql: connection.cursor().execute(sql).fetchall()


@pytest.mark.parametrize(
    ("kind", "sql"),
    [
        ("grant", "/* a comment */ grant select on table nowhere to role analyst"),
        ("grant", "revoke select on table nowhere from role analyst"),
        ("query tag", "alter session set query_tag = 'run 7'"),
        ("comment", "comment on table nowhere is $$said$$"),
        ("warehouse", "use warehouse large"),
        ("cancelled queries", "select system$cancel_all_queries(7)"),
        ("role", "use role analyst"),
        ("temporary table", "create or replace temporary table shop.t as select 1 as a"),
        ("temporary view", "create or replace temporary view shop.v as select 1 as a"),
        ("transient table", "create or replace transient table shop.t as select 1 as a"),
        ("secure view", "create or replace secure view shop.v as select 1 as a"),
    ],
)
def test_what_is_weakened_stands_in_the_ledger(
    running: Emulator, ask: Ask, kind: str, sql: str
) -> None:
    before = len(running.ledger.of(kind))
    ask(sql)
    assert running.ledger.of(kind)[before:] == [sql]


def test_what_is_run_does_not(running: Emulator, ask: Ask) -> None:
    before = len(running.ledger.entries)
    ask("create or replace table orders (id int, ordered_at timestamp, amount decimal(18,4))")
    ask("insert into orders values (1, '2024-02-29 10:00:00.5', 9.95), (2, null, null)")
    assert ask("select * from orders order by id") == [
        (1, datetime(2024, 2, 29, 10, 0, 0, 500_000), Decimal("9.9500")),
        (2, None, None),
    ]
    assert running.ledger.entries[before:] == []


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("create masking policy p as (v string) returns string -> v", "masking"),
        ("alter session set week_start = 1", "not implemented"),
        ("call nobody_made_this()", "nobody_made_this"),
        ("select nonsense(1)", "nonsense"),
        ("select a / b from (select 1 as a, 0 as b) as t", "Division by zero"),
        ("select cast('x' as int)", "x"),
        ("select 'never closed", "never closed"),
        ("select to_char(a, 'Mon') from (select cast('2024-02-29' as date) as a) as t", "to_char"),
        (
            "select max(md5_number_lower(a)) from (values ('a'), ('b'), ('c'), ('d')) as t (a)",
            "not in range",
        ),
    ],
)
def test_what_it_does_not_know_is_an_error_at_once(ask: Ask, sql: str, said: str) -> None:
    began = time.monotonic()
    with pytest.raises(ProgrammingError, match=said):
        ask(sql)
    assert time.monotonic() - began < 2


def test_schemas_change_places_and_names(ask: Ask) -> None:
    for schema in ("first", "second"):
        ask(f"create schema {schema}")
        ask(f"create table {schema}.told as select '{schema}' as name")
    ask("alter schema first swap with second /* as dbt ends each statement */;")
    assert ask("select name from first.told") == [("second",)]
    ask("alter schema second rename to third")
    assert ask("select name from third.told") == [("first",)]
    with pytest.raises(ProgrammingError, match=r"(?i)second"):
        ask("select name from second.told")
    ask("use schema shop")  # the last one made was the session's


def test_decimals_are_added_exactly(ask: Ask) -> None:
    ((total,),) = ask("select sum(a) from (select cast(0.1 as decimal(18,4)) as a) as t")
    assert isinstance(total, Decimal)


def test_an_error_in_a_transaction_does_not_block_the_session(running: Emulator, ask: Ask) -> None:
    ask("create or replace table counted (a int)")
    ask("begin")
    with pytest.raises(ProgrammingError):
        ask("insert into counted select 1 / b from (select 0 as b) as t")
    ask("insert into counted values (2)")
    ask("commit")
    assert ask("select a from counted") == [(2,)]
    assert len(running.ledger.of("rolled back by an error")) == 1
