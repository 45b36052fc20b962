"""The DuckDB file of a target, opened to write raw tables, with errors that a person can read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from regulars.errors import UserError
from regulars.project import warehouse_file

OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


@contextmanager
def open_warehouse(target: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the target's file, the only one there can be.

    Raises:
        UserError: when the target is unknown, its file is in use or isn't DuckDB's, or the
            engine can't go on (disk or memory full).
    """
    connection = _connect(warehouse_file(target))
    try:
        yield connection
    except duckdb.Error as error:
        raise UserError(f"Nothing was loaded: {str(error).splitlines()[0]}") from error
    finally:
        connection.close()


def check_free(file: Path) -> None:
    """Refuses to start on a warehouse file that another process holds, or that can't be written.

    Raises:
        UserError: naming the holder when the system tells it.
    """
    _connect(file).close()


def _connect(file: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(file), config=OFFLINE)
    except duckdb.Error as error:
        raise UserError(_why_not_opened(file, str(error))) from error


def _why_not_opened(file: Path, message: str) -> str:
    """DuckDB's message on a file that it can't open, as one sentence that says what to do."""
    if "lock" in message.lower():
        process = re.search(r"PID (\d+)", message)
        holder = f"process {process[1]}" if process else "another process"
        return f"{file} is in use by {holder}: end it or wait, then try again."
    return f"{file} can't be opened: {message.splitlines()[0]}"
