"""Schemas that change places or names: DuckDB can't, so tables are copied, in a transaction."""

import re

import duckdb

SWAP = re.compile(r"\s*alter\s+schema\s+(\w+)\s+swap\s+with\s+(\w+)\s*;?\s*\Z", re.IGNORECASE)
RENAME = re.compile(r"\s*alter\s+schema\s+(\w+)\s+rename\s+to\s+(\w+)\s*;?\s*\Z", re.IGNORECASE)
COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
ASIDE = "SWAPPED_ASIDE"


def altered(con: duckdb.DuckDBPyConnection, database: str, sql: str) -> bool:
    """Runs a swap or a renaming; says whether the statement was one."""
    bare = COMMENTS.sub(" ", sql)
    swap, rename = SWAP.match(bare), RENAME.match(bare)
    found = swap or rename
    if found is None:
        return False
    first, second = (name.upper() for name in found.groups())
    con.execute("begin")
    try:
        if swap:
            for there, here in ((first, ASIDE), (second, first), (ASIDE, second)):
                _move(con, database, there, here)
        else:
            _move(con, database, first, second)
        con.execute("commit")
    except duckdb.Error:
        con.execute("rollback")
        raise
    return True


def _move(con: duckdb.DuckDBPyConnection, database: str, there: str, here: str) -> None:
    con.execute(f'create schema if not exists {database}."{here}"')
    tables = con.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = ?",
        [database, there],
    ).fetchall()
    for (table,) in tables:
        con.execute(
            f'create table {database}."{here}"."{table}" as from {database}."{there}"."{table}"'
        )
        con.execute(f'drop table {database}."{there}"."{table}"')
    con.execute(f'drop schema {database}."{there}"')
