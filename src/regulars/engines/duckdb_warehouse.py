"""The DuckDB file of a target, opened to write raw tables, with errors that a person can read."""

import re
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from regulars.errors import UserError
from regulars.project import warehouse_file

OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}

# words of a command line that may carry a secret: it is shown up to the first of them
_MAY_BE_SECRET = re.compile(r"://|webhook|on-red|passw|secret|token|key", re.IGNORECASE)
_LONGEST_COMMAND = 120


def release() -> None:
    """Closes the file that dbt has left open in this process, if it ran here at all."""
    if "dbt.adapters.duckdb.connections" not in sys.modules:
        return
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager._ENV.close()
    DuckDBConnectionManager.close_all_connections()


@dataclass(frozen=True)
class Stored:
    """What a warehouse file holds and what its engine may use, in bytes.

    Attributes:
        groups: what each group of tables takes; those that don't exist take nothing.
        free: inside the file, left by tables that are gone: the next ones are written there.
        memory: what the engine takes before it spills to disk.
    """

    groups: list[int]
    free: int
    memory: int


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
    """Refuses to start on a warehouse file that is held, or that can't be written.

    Raises:
        UserError: naming the holder, by process id and command line, when the system tells them.
    """
    _connect(file).close()


def stored(
    file: Path, groups: Iterable[Collection[tuple[str, str]]], memory_limit: str | None = None
) -> Stored:
    """How much room groups of tables take in a warehouse file.

    Args:
        file: the warehouse file.
        groups: of schemas and names of tables.
        memory_limit: as the profile sets it, such as 4GB; none for the engine's own default.

    Raises:
        UserError: as check_free.
    """
    with _connect(file) as connection:
        if memory_limit:
            with suppress(duckdb.Error):  # a wrong one: dbt says so when it opens the file
                quoted = memory_limit.replace("'", "''")
                connection.execute(f"set memory_limit = '{quoted}'")
        ((block, free, memory),) = connection.execute(
            "select block_size, free_blocks, memory_limit from pragma_database_size()"
        ).fetchall()
        found = set(
            connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        )
        sizes = [block * len(_blocks(connection, found & set(group))) for group in groups]
    return Stored(groups=sizes, free=free * block, memory=_bytes(memory))


def _blocks(connection: duckdb.DuckDBPyConnection, tables: Iterable[tuple[str, str]]) -> set[int]:
    """The blocks that tables are in; small tables share some."""
    return {
        number
        for schema, table in tables
        for (number,) in connection.execute(
            "select distinct block_id from pragma_storage_info(?)"
            " where persistent and block_id >= 0",
            [f'"{schema}"."{table}"'],
        ).fetchall()
    }


def _bytes(said: str) -> int:
    """A size as the engine writes it, such as '18.8 GiB'."""
    number, unit = said.split()
    return int(float(number) * 1024 ** ("bytes", "KiB", "MiB", "GiB", "TiB").index(unit))


def _connect(file: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(file), config=OFFLINE)
    except duckdb.Error as error:
        raise UserError(_why_not_opened(file, str(error))) from error


def _why_not_opened(file: Path, message: str) -> str:
    """DuckDB's message on a file that it can't open, as one sentence that says what to do."""
    if "Could not set lock" in message:
        return f"{file} is in use by {_holder(message)}: end it or wait, then try again."
    if "different configuration" in message or "already attached" in message:
        return f"{file} is in use by this process itself: close its other connection first."
    return f"{file} can't be opened: {message.splitlines()[0]}"


def _holder(message: str) -> str:
    """Who holds a lock, as far as DuckDB and the system tell: its id and its command."""
    named = re.search(r"(?:held in (?P<program>\S.*?) )?\(?PID (?P<pid>\d+)\)?", message)
    # 0 is how Linux names a process outside this container
    if named is None or named["pid"] == "0":
        return "another process"
    command = command_line(int(named["pid"])) or named["program"]
    return f"process {named['pid']}" + (f" ({command})" if command else "")


def command_line(pid: int) -> str | None:
    """The command of a running process, as it would be typed and without what may be secret.

    None where the system doesn't tell it: without /proc, or when the process is gone.
    """
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return None
    words = [" ".join("".join(c if c.isprintable() else " " for c in w).split()) for w in words]
    words = [word for word in words if word]
    if len(words) > 1 and re.match(r"python[\d.]*$", Path(words[0]).name) and words[1][0] != "-":
        words = words[1:]  # a script: python is how, not what
    if not words:
        return None
    words[0] = Path(words[0]).name
    shown = next((n for n, word in enumerate(words) if _MAY_BE_SECRET.search(word)), len(words))
    text = " ".join([*words[:shown], *(["…"] if shown < len(words) else [])])
    return text if len(text) <= _LONGEST_COMMAND else f"{text[: _LONGEST_COMMAND - 2]} …"
