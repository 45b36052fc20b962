"""Raw tables, replaced all at once or not at all."""

from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from regulars.errors import UserError
from regulars.loading.names import quoted


@dataclass(frozen=True)
class RawTable:
    """A table that is ready to be put in place: what it is called, and the query that gives it."""

    name: str
    query: str
    rows: int


def replace_tables(
    connection: duckdb.DuckDBPyConnection, schema: str, tables: list[RawTable]
) -> None:
    """Put all tables in place in one transaction, or leave everything as it was.

    Raises:
        UserError: when a table doesn't hold the number of rows that were read.
    """
    connection.begin()
    try:
        connection.execute(f"create schema if not exists {quoted(schema)}")
        for table in tables:
            name = f"{quoted(schema)}.{quoted(table.name)}"
            connection.execute(f"create or replace table {name} as {table.query}")
            check_count(connection, name, table.rows, f"{schema}.{table.name}")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def check_count(
    connection: duckdb.DuckDBPyConnection, table: str, rows: int, label: object
) -> None:
    """Raise a UserError when a table doesn't hold as many rows as were read."""
    [(found,)] = connection.execute(f"select count(*) from {table}").fetchall()
    if found != rows:
        raise UserError(
            f"Nothing was loaded: {label} has {rows:,} rows, of which {found:,} arrived."
        )


def now() -> datetime:
    """The present moment in UTC, without a zone, as the warehouse holds it."""
    return datetime.now(UTC).replace(tzinfo=None)
