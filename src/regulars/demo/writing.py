"""Raw tables into the DuckDB file of a target: all of them, or none."""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa

from regulars.errors import UserError

# what tells our tables from somebody's own of the same name
MADE_UP = "made up by regulars demo"
TABLES = (
    "raw_crm.contacts",
    "raw_shop.accounts",
    "raw_shop.orders",
    "raw_shop.order_lines",
    "raw_shop.returns",
    "raw_shop.products",
    "raw_shop.browsing",
)


def write_tables(file: Path, pieces: Iterable[tuple[str, pa.Table]]) -> dict[str, int]:
    """Replace the raw tables by these pieces, in one transaction.

    Arguments:
        file: the DuckDB file; made when it is missing.
        pieces: (schema.table, rows); the pieces of a table follow each other.

    Returns:
        The number of rows per table.

    Raises:
        UserError: when another process holds the file, the file is no DuckDB file, or
            a table of that name holds data that wasn't made up.
    """
    connection = _connect(file)
    rows = dict.fromkeys(TABLES, 0)
    try:
        _refuse_real_data(connection, file)
        connection.begin()
        for name, table in pieces:
            connection.register("piece", table)
            if rows[name] == 0:
                connection.execute(f"create schema if not exists {name.partition('.')[0]}")
                connection.execute(f"create or replace table {name} as from piece limit 0")
                connection.execute(f"comment on table {name} is '{MADE_UP}'")
            connection.execute(f"insert into {name} from piece")
            connection.unregister("piece")
            rows[name] += table.num_rows
        connection.commit()
    finally:
        connection.close()
    return rows


def _connect(file: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(file))
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise UserError(
                f"{file} is in use by another process: close what has it open, and try again."
            ) from error
        raise UserError(f"{file} can't be opened: {str(error).splitlines()[0]}") from error


def _refuse_real_data(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    there = connection.execute(
        "select schema_name || '.' || table_name, comment from duckdb_tables()"
        " where database_name = current_database()"
    ).fetchall()
    for name, comment in there:
        if name in TABLES and comment != MADE_UP:
            raise UserError(
                f"{name} in {file} wasn't made by `regulars demo`: drop it, or choose another"
                " --target."
            )
