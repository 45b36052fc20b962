"""Which engine stands behind a session."""

import sqlite3

import duckdb
import pytest

from regulars.engines import engine_of
from regulars.engines.duckdb import DuckDBEngine
from regulars.errors import UserError


def test_a_duckdb_connection_and_its_cursor_are_known() -> None:
    session = duckdb.connect()
    assert isinstance(engine_of(session), DuckDBEngine)
    assert isinstance(engine_of(session.cursor()), DuckDBEngine)


def test_an_unknown_session_is_refused_by_name() -> None:
    with pytest.raises(UserError, match="don't run on sqlite3: use DuckDB or Snowflake"):
        engine_of(sqlite3.connect(":memory:"))
