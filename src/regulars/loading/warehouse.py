"""The target's DuckDB file: opened with clear errors, its raw tables replaced at once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from regulars.errors import UserError
from regulars.loading.names import quoted
from regulars.project import warehouse_file


@dataclass(frozen=True)
class RawTable:
    """A table that is ready to be put in place: what it is called, and the query that gives it."""

    name: str
    query: str
    rows: int


@contextmanager
def open_warehouse(target: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the target's file, the only one there can be.

    Raises:
        UserError: when the target is unknown, its file is in use or isn't DuckDB's, or the
            engine can't go on (disk or memory full).
    """
    try:
        file = warehouse_file(target)
    except OSError as error:
        raise UserError(f"{error.filename} can't be made: {error.strerror}.") from error
    offline = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    try:
        connection = duckdb.connect(str(file), config={**offline})
    except duckdb.Error as error:
        raise UserError(_why_not_opened(file, str(error))) from error
    try:
        yield connection
    except duckdb.Error as error:
        raise UserError(f"Nothing was loaded: {str(error).splitlines()[0]}") from error
    finally:
        connection.close()


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


def _why_not_opened(file: Path, message: str) -> str:
    if "lock" in message.lower():
        process = re.search(r"PID (\d+)", message)
        holder = f"process {process[1]}" if process else "another process"
        return f"{file} is in use by {holder}: end it or wait, then load again."
    return f"{file} can't be opened: {message.splitlines()[0]}"
