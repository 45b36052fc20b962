"""Raw tables into the DuckDB file of a target: all of them, or none."""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from regulars.engines.duckdb_warehouse import open_warehouse
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


def write_tables(target: str, pieces: Iterable[tuple[str, pa.Table]]) -> dict[str, int]:
    """Replace the raw tables by these pieces, in one transaction.

    What was built of an earlier made-up world goes with it: its scores and volumes mean
    nothing in another one, and gates would hold the new one against them.

    Args:
        target: whose DuckDB file to write; the file is made when it is missing.
        pieces: (schema.table, rows); the pieces of a table follow each other.

    Returns:
        The number of rows per table.

    Raises:
        UserError: when the file can't be opened, or a table of that name holds data that
            wasn't made up.
    """
    rows = dict.fromkeys(TABLES, 0)
    with open_warehouse(target) as connection:
        _refuse_real_data(connection, target)
        connection.begin()
        _forget_the_world_before(connection)
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
    return rows


def _forget_the_world_before(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops every schema that dbt has built, unless somebody else's raw tables stand there."""
    raw = connection.execute(
        "select comment from duckdb_tables()"
        " where database_name = current_database() and starts_with(schema_name, 'raw_')"
    ).fetchall()
    if any(comment != MADE_UP for (comment,) in raw):
        return
    built = connection.execute(
        "select schema_name from duckdb_schemas() where database_name = current_database()"
        " and not internal and schema_name <> 'main' and not starts_with(schema_name, 'raw_')"
    ).fetchall()
    for (schema,) in built:
        connection.execute(f'drop schema "{schema}" cascade')


def _refuse_real_data(connection: duckdb.DuckDBPyConnection, target: str) -> None:
    there = connection.execute(
        "select schema_name || '.' || table_name, comment from duckdb_tables()"
        " where database_name = current_database()"
    ).fetchall()
    for name, comment in there:
        if name in TABLES and comment != MADE_UP:
            raise UserError(
                f"{name} of target {target} wasn't made by `regulars demo`: drop it, or choose"
                " another --target."
            )
