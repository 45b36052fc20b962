"""The made-up world into the DuckDB file of a target: all of it, or nothing."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from regulars.demo.block import Piece
from regulars.demo.calendar import DAY
from regulars.demo.settings import Settings
from regulars.engines.duckdb_warehouse import open_warehouse
from regulars.errors import UserError

# what tells our tables from somebody's own of the same name
MADE_UP = "made up by regulars demo"
# a million people need no more to be written
_MEMORY = "2GB"


def write_world(
    target: str, settings: Settings, clock: int, pieces: Iterable[Piece]
) -> dict[str, int]:
    """Replaces the made-up world of a target by these pieces, in one transaction.

    What was built of an earlier made-up world goes with it: its scores and volumes mean
    nothing in another one, and gates would hold the new one against them.

    Args:
        target: whose DuckDB file to write; the file is made when it is missing.
        settings: of the world; they are kept for `advance_world`.
        clock: where the world's clock stands, in seconds.
        pieces: (schema.table, rows).

    Returns:
        The number of rows per table.

    Raises:
        UserError: when the file can't be opened, or a table of such a name holds data that
            wasn't made up.
    """
    with open_warehouse(target) as connection:
        connection.execute(f"set memory_limit = '{_MEMORY}'")
        connection.begin()
        _forget_the_world_before(connection)
        world = pa.table({name: [value] for name, value in asdict(settings).items()})
        world = world.append_column("clock", pa.array([clock], type=pa.int64()))
        rows = _insert(connection, target, [("truth.world", world)])
        rows |= _insert(connection, target, pieces)
        connection.commit()
    return rows


def advance_world(target: str, clock: int, pieces: Iterable[Piece]) -> dict[str, int]:
    """Appends what was loaded since, and puts the clock forward, in one transaction.

    Args:
        target: whose world it is.
        clock: where its clock stands then, in seconds.
        pieces: (schema.table, rows) to append.

    Returns:
        The number of rows per table.

    Raises:
        UserError: when the file can't be opened.
    """
    with open_warehouse(target) as connection:
        connection.begin()
        rows = _insert(connection, target, pieces)
        connection.execute("update truth.world set clock = ?", [clock])
        connection.commit()
    return rows


def read_world(target: str) -> tuple[Settings, int]:
    """The settings of a target's made-up world, and where its clock stands.

    Raises:
        UserError: when there is none, or the file can't be opened.
    """
    with open_warehouse(target) as connection:
        there = connection.execute(
            "select 1 from duckdb_tables() where schema_name = 'truth' and table_name = 'world'"
            " and database_name = current_database()"
        ).fetchall()
        if not there:
            raise UserError(f"There is no made-up world in {target}: run regulars demo first.")
        ((*values, clock),) = connection.execute(
            "select customers, years, seed, dirt, business, clock from truth.world"
        ).fetchall()
    return Settings(*values), clock


def day_of(clock: int) -> str:
    """The last whole day that is known when the clock stands there."""
    return f"{datetime.fromtimestamp(clock - DAY, UTC):%Y-%m-%d}"


def _insert(
    connection: duckdb.DuckDBPyConnection, target: str, pieces: Iterable[Piece]
) -> dict[str, int]:
    rows: dict[str, int] = {}
    for name, table in pieces:
        # not registered by a name: a transaction holds on to all that ever had one
        piece = connection.from_arrow(table)
        if name not in rows:
            rows[name] = 0
            _make_table(connection, target, name, piece)
        piece.insert_into(name)
        rows[name] += table.num_rows
    return rows


def _make_table(
    connection: duckdb.DuckDBPyConnection, target: str, name: str, like: duckdb.DuckDBPyRelation
) -> None:
    """An empty table of that name with a relation's columns, unless ours is there already."""
    schema, _, plain = name.partition(".")
    connection.execute(f"create schema if not exists {schema}")
    _refuse_real_data(connection, target, schema, plain)
    columns = ", ".join(
        f'"{column}" {kind}' for column, kind in zip(like.columns, like.types, strict=True)
    )
    connection.execute(f"create table if not exists {name} ({columns})")
    connection.execute(f"comment on table {name} is '{MADE_UP}'")


def _forget_the_world_before(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops what was made up, and what dbt built of it unless it was built of other data too."""
    raw = connection.execute(
        "select schema_name || '.' || table_name, comment from duckdb_tables()"
        " where database_name = current_database()"
        " and (starts_with(schema_name, 'raw_') or schema_name = 'truth')"
    ).fetchall()
    for name, comment in raw:
        if comment == MADE_UP:
            connection.execute(f"drop table {name}")
    if any(comment != MADE_UP for _, comment in raw):
        return
    built = connection.execute(
        "select schema_name from duckdb_schemas() where database_name = current_database()"
        " and not internal and schema_name <> 'main' and not starts_with(schema_name, 'raw_')"
    ).fetchall()
    for (schema,) in built:
        connection.execute(f'drop schema "{schema}" cascade')


def _refuse_real_data(
    connection: duckdb.DuckDBPyConnection, target: str, schema: str, table: str
) -> None:
    there = connection.execute(
        "select comment from duckdb_tables() where database_name = current_database()"
        " and schema_name = ? and table_name = ?",
        [schema, table],
    ).fetchall()
    if any(comment != MADE_UP for (comment,) in there):
        raise UserError(
            f"{schema}.{table} of target {target} wasn't made by `regulars demo`: drop it, or"
            " choose another --target."
        )
