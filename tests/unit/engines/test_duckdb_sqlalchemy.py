"""SQLAlchemy on the live connection, as Great Expectations uses it."""

from typing import Any

import duckdb
import pytest
import sqlalchemy
from sqlalchemy.pool import StaticPool

from regulars.engines.duckdb_sqlalchemy import MOST_ROWS, URL, LiveConnection, LiveCursor
from regulars.errors import UserError


@pytest.fixture
def session() -> duckdb.DuckDBPyConnection:
    session = duckdb.connect()
    session.execute(
        "create temp view orders as select i as id, i * 1.5 as \"group\", date '2026-01-01' as day,"
        " cast(i as decimal(18, 4)) as amount, [i] as parts from range(3) r(i)"
    )
    return session


@pytest.fixture
def engine(session: duckdb.DuckDBPyConnection) -> sqlalchemy.Engine:
    return sqlalchemy.create_engine(
        URL,
        creator=lambda: LiveConnection(session),
        poolclass=StaticPool,
        pool_reset_on_return=None,
    )


def rows(session: duckdb.DuckDBPyConnection, count: int) -> LiveCursor:
    """A cursor on so many rows."""
    return LiveCursor(session).execute(f"select i from range({count}) r(i)")


def test_rows_come_in_order_and_once(session: duckdb.DuckDBPyConnection) -> None:
    cursor = rows(session, 5)
    assert cursor.fetchone() == (0,)
    assert cursor.fetchmany(2) == [(1,), (2,)]
    assert cursor.fetchall() == [(3,), (4,)]
    assert cursor.fetchall() == []
    assert cursor.fetchone() is None


def test_as_many_rows_as_may_leave_do(session: duckdb.DuckDBPyConnection) -> None:
    assert len(rows(session, MOST_ROWS).fetchall()) == MOST_ROWS


def test_more_rows_are_refused_not_cut_off(session: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(UserError, match="more than 10,000 rows"):
        rows(session, MOST_ROWS + 1).fetchall()
    with pytest.raises(UserError, match="more than 10,000 rows"):
        rows(session, MOST_ROWS + 1).fetchmany(MOST_ROWS + 1)


def test_the_first_rows_of_more_may_be_asked_for(session: duckdb.DuckDBPyConnection) -> None:
    cursor = rows(session, MOST_ROWS + 1)
    assert cursor.fetchmany(2) == [(0,), (1,)]
    with pytest.raises(UserError):
        cursor.fetchall()


def test_the_connection_is_free_for_others_after_a_statement(
    session: duckdb.DuckDBPyConnection,
) -> None:
    cursor = rows(session, MOST_ROWS * 3)
    assert session.execute("select 42").fetchall() == [(42,)]
    assert cursor.fetchone() == (0,)


def test_parameters_are_passed(engine: sqlalchemy.Engine) -> None:
    with engine.connect() as connection:
        found = connection.execute(sqlalchemy.text("select :a + 1"), {"a": 4}).scalar()
    assert found == 5


def test_names_that_are_reserved_are_quoted(engine: sqlalchemy.Engine) -> None:
    columns = [sqlalchemy.column(name) for name in ("group", "id")]
    table = sqlalchemy.table("orders", *columns, schema="temp")
    query = sqlalchemy.select(*columns).where(columns[1] > 1)
    with engine.connect() as connection:
        assert connection.execute(query.select_from(table)).fetchall() == [(3, 2)]
    assert '"temp"."orders"' in str(query.select_from(table).compile(engine))


def test_transactions_are_left_to_their_owner(
    engine: sqlalchemy.Engine, session: duckdb.DuckDBPyConnection
) -> None:
    session.begin()
    session.execute("create table kept as select 1 as a")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text("select 1"))
        connection.rollback()
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("select 1"))
    engine.dispose()
    session.commit()
    assert session.execute("from kept").fetchall() == [(1,)]


def test_columns_are_read_from_the_catalogue(engine: sqlalchemy.Engine) -> None:
    inspector: Any = sqlalchemy.inspect(engine)
    columns = {c["name"]: c["type"] for c in inspector.get_columns("orders", schema="temp")}
    assert list(columns) == ["id", "group", "day", "amount", "parts"]
    kinds = [sqlalchemy.BigInteger, sqlalchemy.Numeric, sqlalchemy.Date, sqlalchemy.Numeric,
             sqlalchemy.String]  # fmt: skip
    for column, kind in zip(columns.values(), kinds, strict=True):
        assert isinstance(column, kind)
