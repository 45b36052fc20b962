"""Brings tables of a DuckDB file into the emulator, as a load into Snowflake would leave them."""

from collections.abc import Collection
from pathlib import Path

from tests.emulator.server import DATABASE, Emulator

# Snowflake keeps whole numbers as number(38, 0), fakesnow as bigint
NARROW = ("TINYINT", "SMALLINT", "INTEGER")


def load(
    emulator: Emulator, warehouse: Path, schemas: str = "raw%", only: Collection[str] | None = None
) -> list[str]:
    """Copies tables, names in upper case as Snowflake keeps them.

    Args:
        warehouse: the DuckDB file.
        schemas: a pattern of LIKE for the schemas to copy.
        only: the tables to copy, as schema.table; all when not given.

    Returns:
        The tables that were copied, as schema.table in lower case.
    """
    emulator.fakesnow.connect(DATABASE)
    con = emulator.fakesnow.duck_conn.cursor()
    con.execute(f"attach '{warehouse}' as loaded (read_only)")
    columns = con.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
        " where database_name = 'loaded' and schema_name like ?"
        " order by schema_name, table_name, column_index",
        [schemas],
    ).fetchall()
    tables: dict[str, list[str]] = {}
    for table, name, data_type in columns:
        if only is not None and table not in only:
            continue
        kept = f'cast("{name}" as bigint)' if data_type in NARROW else f'"{name}"'
        tables.setdefault(table, []).append(f'{kept} as "{name.upper()}"')
    for table, kept_columns in tables.items():
        schema, name = (part.upper() for part in table.split("."))
        con.execute(f'create schema if not exists {DATABASE}."{schema}"')
        con.execute(
            f'create or replace table {DATABASE}."{schema}"."{name}" as'
            f" select {', '.join(kept_columns)} from loaded.{table}"
        )
    con.execute("detach loaded")
    con.close()
    return list(tables)
