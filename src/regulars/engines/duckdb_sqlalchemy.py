"""SQLAlchemy over the live DuckDB connection, so that Great Expectations runs inside DuckDB.

A second connection to the file that dbt builds in is refused, and SQLAlchemy rolls a
connection back before results are read. So results are fetched at once, and transactions
are left to dbt: begin, commit, rollback and close do nothing.
"""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import duckdb
import sqlalchemy
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGDialect, PGIdentifierPreparer

from regulars.errors import UserError

URL = "regulars_duckdb://"

# an expectation that needs more rows than this should be written as a query that counts
MOST_ROWS = 10_000

TYPES: dict[str, type[sqlalchemy.types.TypeEngine[Any]]] = {
    "DECIMAL": sqlalchemy.Numeric,
    "TINYINT": sqlalchemy.SmallInteger,
    "SMALLINT": sqlalchemy.SmallInteger,
    "INTEGER": sqlalchemy.Integer,
    "BIGINT": sqlalchemy.BigInteger,
    "HUGEINT": sqlalchemy.BigInteger,
    "FLOAT": sqlalchemy.Float,
    "DOUBLE": sqlalchemy.Float,
    "DATE": sqlalchemy.Date,
    "TIMESTAMP": sqlalchemy.TIMESTAMP,
    "BOOLEAN": sqlalchemy.Boolean,
}


class LiveCursor:
    """A DBAPI cursor that holds the first rows of its last statement: few leave DuckDB."""

    arraysize = 1
    rowcount = -1
    lastrowid = None

    def __init__(self, session: duckdb.DuckDBPyConnection) -> None:
        self._session = session
        self._rows: list[tuple[Any, ...]] = []
        self._has_more = False
        self.description: list[tuple[Any, ...]] | None = None

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> "LiveCursor":
        """Runs a statement and fetches its first MOST_ROWS rows."""
        done = self._session.execute(statement, list(parameters))
        columns = done.description or []
        self.description = [(*column[:2], None, None, None, None, None) for column in columns]
        self._rows = done.fetchmany(MOST_ROWS)
        self._has_more = bool(done.fetchmany(1))
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row; None after the last."""
        rows = self.fetchmany(1)
        return rows[0] if rows else None

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        """The next rows.

        Raises:
            UserError: past the first MOST_ROWS rows of a longer result.
        """
        if self._has_more and size > len(self._rows):
            raise UserError(f"it needs more than {MOST_ROWS:,} rows: write it as a query")
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left.

        Raises:
            UserError: when the result has more than MOST_ROWS rows.
        """
        return self.fetchmany(MOST_ROWS + 1 if self._has_more else len(self._rows))

    def close(self) -> None:
        """Nothing to close: the rows are here."""


class LiveConnection:
    """A DBAPI connection that leaves transactions to their owner."""

    def __init__(self, session: duckdb.DuckDBPyConnection) -> None:
        self.session = session

    def cursor(self) -> LiveCursor:
        """A cursor on the live connection."""
        return LiveCursor(self.session)

    def begin(self) -> None:
        """dbt's to do."""

    commit = rollback = close = begin


class QuotedNames(PGIdentifierPreparer):
    """Quotes every name: what is a reserved word differs between DuckDB and PostgreSQL."""

    def _requires_quotes(self, value: str) -> bool:
        return True


class LiveDialect(PGDialect):
    """PostgreSQL's SQL, which DuckDB speaks, with a catalogue that is read from DuckDB."""

    name = "duckdb"
    preparer = QuotedNames
    default_paramstyle = "qmark"
    supports_statement_cache = False
    server_version_info = (14, 0)  # type: ignore[assignment]

    @classmethod
    def import_dbapi(cls) -> Any:
        """What SQLAlchemy asks of a driver's module."""
        return SimpleNamespace(paramstyle="qmark", Error=duckdb.Error)

    def initialize(self, connection: Any) -> None:
        """Nothing to ask a server for."""

    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> list[Any]:
        """The columns of a view in the session's own database `temp`, in order."""
        rows = connection.exec_driver_sql(
            "select column_name, data_type from duckdb_columns()"
            " where table_name = ? and database_name = ? order by column_index",
            (table_name, schema),
        ).fetchall()
        return [
            {"name": name, "type": _type(data_type), "nullable": True, "default": None}
            for name, data_type in rows
        ]

    def has_table(self, *_: Any, **__: Any) -> bool:
        """The engine has made it."""
        return True

    def get_pk_constraint(self, *_: Any, **__: Any) -> Any:
        """Tables that dbt builds have none."""
        return {"constrained_columns": [], "name": None}

    def _none(self, *_: Any, **__: Any) -> list[Any]:
        return []

    get_foreign_keys = get_indexes = get_unique_constraints = get_view_names = _none


def _type(data_type: str) -> sqlalchemy.types.TypeEngine[Any]:
    return TYPES.get(data_type.partition("(")[0], sqlalchemy.String)()


registry.register("regulars_duckdb", __name__, "LiveDialect")
