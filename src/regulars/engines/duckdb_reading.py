"""The DuckDB file of a target, opened to look at what was built; nothing can be changed."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from regulars.errors import UserError
from regulars.project import check_target, home

CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "python_enable_replacements": False,
}

# expectations that Great Expectations has no SQL for here, and what to write in a query instead
WITHOUT_SQL = {
    "expect_column_values_to_match_regex": "not regexp_matches(column, 'pattern')",
    "expect_column_values_to_match_regex_list": "not regexp_matches(column, 'pattern')",
    "expect_column_values_to_not_match_regex": "regexp_matches(column, 'pattern')",
    "expect_column_values_to_not_match_regex_list": "regexp_matches(column, 'pattern')",
    "expect_column_values_to_match_like_pattern": "column not like 'pattern%'",
    "expect_column_values_to_match_like_pattern_list": "column not like 'pattern%'",
    "expect_column_values_to_not_match_like_pattern": "column like 'pattern%'",
    "expect_column_values_to_not_match_like_pattern_list": "column like 'pattern%'",
    "expect_column_values_to_be_json_parseable": "not json_valid(column)",
    "expect_column_values_to_match_json_schema": "json_extract(column, '$.name') is null",
    "expect_column_values_to_be_dateutil_parseable": "try_cast(column as date) is null",
    "expect_column_values_to_match_strftime_format": "try_strptime(column, '%Y-%m-%d') is null",
    "expect_column_values_to_be_increasing": "a comparison with lag(column)",
    "expect_column_values_to_be_decreasing": "a comparison with lag(column)",
}


class BuiltTables:
    """What stands in a target's file.

    Args:
        connection: open for reading.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def find(self, table: str, layer: str | None) -> str | None:
        """The full name of a table or view as SQL writes it; None when it isn't built.

        Args:
            table: its name, which is its model's.
            layer: the folder of its model, whose name its schema has; raw tables of the same
                name stand in other schemas. None for a model that isn't known.
        """
        schemas = [
            schema
            for (schema,) in self.rows(
                "select table_schema from information_schema.tables"
                " where table_name = ? and table_schema not like 'raw\\_%' escape '\\'"
                " order by table_schema <> ?, table_schema",
                [table, layer or ""],
            )
        ]
        return f'"{schemas[0]}"."{table}"' if schemas else None

    def columns(self, relation: str) -> dict[str, str]:
        """The columns of a table and their types, in order."""
        return {name: type_ for name, type_, *_ in self.rows(f"describe {relation}")}

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._connection.execute(sql, list(parameters)).fetchall()

    def why_not(self, sql: str) -> str | None:
        """Why a query can't be run, in one line; None when it can. It isn't run."""
        try:
            self._connection.execute(f"explain {sql}").fetchall()
        except duckdb.Error as error:
            return " ".join(re.sub(r"LINE \d+:.*", "", str(error), flags=re.DOTALL).split())
        return None


@contextmanager
def read_warehouse(target: str) -> Iterator[BuiltTables]:
    """The tables of a target's file.

    Raises:
        UserError: when the target is unknown, nothing is built for it, its file is in use by a
            build or isn't DuckDB's, or a query fails.
    """
    check_target(target)
    file = home() / "warehouse" / f"{target}.duckdb"
    if not file.exists():
        raise UserError(f"Nothing is built for {target} yet: run regulars build first.")
    try:
        connection = duckdb.connect(str(file), read_only=True, config=CLOSED)
    except duckdb.Error as error:
        raise UserError(_why_not_opened(file, str(error))) from error
    try:
        yield BuiltTables(connection)
    except duckdb.Error as error:
        raise UserError(f"{file} can't be read: {str(error).splitlines()[0]}") from error
    finally:
        connection.close()


def _why_not_opened(file: Path, message: str) -> str:
    if "lock" in message.lower():
        process = re.search(r"PID (\d+)", message)
        holder = f"process {process[1]}" if process else "another process"
        return f"{file} is in use by {holder}, such as a build: wait, then try again."
    return f"{file} can't be opened: {message.splitlines()[0]}"
