"""Holds what the emulator built against what DuckDB built from the same raw tables."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from tests.emulator.server import DATABASE, Emulator
from tests.worlds import RUN_COLUMNS

TOLERANCE = 1e-6
# Snowflake has one type of whole numbers: how wide DuckDB's are says nothing
WHOLE_NUMBERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UBIGINT", "HUGEINT"}

Columns = dict[str, str]


@dataclass
class Equality:
    """What was compared.

    Attributes:
        rows: relation → its rows on DuckDB.
        differences: relation → sentences about what isn't equal; equal ones aren't in it.
    """

    rows: dict[str, int] = field(default_factory=dict)
    differences: dict[str, list[str]] = field(default_factory=dict)

    def report(self) -> str:
        """A line per relation, those that differ with what differs."""
        return "\n".join(
            f"{relation:<60}{rows:>9,} rows  {'; '.join(self.differences.get(relation, ['equal']))}"
            for relation, rows in self.rows.items()
        )


def compare(
    emulator: Emulator, warehouse: Path, relations: Iterable[str], ignored: Iterable[str] = ()
) -> Equality:
    """Compares relations row by row: floats within TOLERANCE, all else exactly.

    Args:
        warehouse: the DuckDB file that the same models were built in.
        relations: their names, as schema.name.
        ignored: columns not to look at, as schema.name.column, beside those that tell of the run.
    """
    found = Equality()
    con = emulator.fakesnow.duck_conn.cursor()
    con.execute(f"attach '{warehouse}' as built (read_only)")
    skipped = set(ignored)
    for relation in relations:
        there, here = columns_of(con, DATABASE, relation), columns_of(con, "built", relation)
        rows = con.sql(f"select count(*) from built.{relation}").fetchall()[0][0]
        found.rows[relation] = rows
        looked_at = {
            column: data_type
            for column, data_type in here.items()
            if column not in RUN_COLUMNS and f"{relation}.{column}" not in skipped
        }
        differences = [
            f"{column} is {there.get(column, 'missing')} for {data_type}"
            for column, data_type in looked_at.items()
            if kind_of(there.get(column)) != kind_of(data_type)
        ]
        if list(there) != list(here):
            differences.append(f"columns {list(there)}")
        if not differences:
            differences = differing_values(con, relation, looked_at, rows)
        if differences:
            found.differences[relation] = differences
    con.execute("detach built")
    con.close()
    return found


def columns_of(con: duckdb.DuckDBPyConnection, database: str, relation: str) -> Columns:
    """Column name in lower case → type, in order."""
    schema, name = relation.split(".")
    rows = con.execute(
        "select lower(column_name), data_type from duckdb_columns()"
        " where upper(database_name) = upper(?) and lower(schema_name) = ?"
        " and lower(table_name) = ? order by column_index",
        [database, schema, name],
    ).fetchall()
    return dict(rows)


def kind_of(data_type: str | None) -> str | None:
    """A type, whole numbers taken as one."""
    bare = (data_type or "").removesuffix("[]")
    return data_type.replace(bare, "whole number") if bare in WHOLE_NUMBERS else data_type


def differing_values(
    con: duckdb.DuckDBPyConnection, relation: str, columns: Columns, rows: int
) -> list[str]:
    """Columns whose values differ; rows are paired in the order of all values, floats last."""
    others = con.sql(f"select count(*) from {DATABASE}.{relation}").fetchall()[0][0]
    if others != rows:
        return [f"{others} rows"]
    floats = [f'"{column}"' for column, data_type in columns.items() if data_type == "DOUBLE"]
    exact = [f'"{column}"' for column in columns if f'"{column}"' not in floats]
    order = ", ".join([*exact, *floats])
    tests = [f"sum(cast(a.{name} is distinct from b.{name} as int))" for name in exact] + [
        f"sum(cast(coalesce(abs(a.{name} - b.{name}) > {TOLERANCE} * greatest(1, abs(a.{name})),"
        f" a.{name} is distinct from b.{name}) as int))"
        for name in floats
    ]
    numbered = f"select {order}, row_number() over (order by {order}) as row_number_"
    counts = con.sql(
        f"with a as ({numbered} from built.{relation}),"
        f" b as ({numbered} from {DATABASE}.{relation})"
        f" select {', '.join(tests)} from a join b on a.row_number_ = b.row_number_"
    ).fetchall()[0]
    return [
        f"{name} differs in {count} rows"
        for name, count in zip([*exact, *floats], counts, strict=True)
        if count
    ]
