"""Holds what the emulator built against what DuckDB built from the same raw tables."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from tests.emulator.dialect import WHOLE_NUMBERS
from tests.emulator.server import DATABASE, Emulator
from tests.worlds import COMPARED_AS, RUN_COLUMNS

TOLERANCE = 1e-6

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
        """A line per relation, those that differ with what differs; then how many are equal."""
        lines = [
            f"{relation:<60}{rows:>9,} rows  {'; '.join(self.differences.get(relation, ['equal']))}"
            for relation, rows in self.rows.items()
        ]
        equal = len(self.rows) - len(self.differences)
        return "\n".join([*lines, f"{equal} of {len(self.rows)} relations are equal."])


def compare(
    emulator: Emulator,
    file: Path,
    relations: Iterable[str],
    ignored: Collection[str] = (),
    schema: str | None = None,
) -> Equality:
    """Compares relations row by row: floats within TOLERANCE, all else exactly.

    Args:
        file: the DuckDB file that holds the same relations.
        relations: their names on the emulator, as schema.name.
        ignored: columns not to look at, as schema.name.column, beside those that tell of the run.
        schema: the one schema of the file, where it has but one.
    """
    found = Equality()
    con = emulator.fakesnow.duck_conn.cursor()
    con.execute(f"attach '{file}' as built (read_only)")
    for relation in relations:
        name = relation.split(".")[1]
        here_relation = f"{schema}.{name}" if schema else relation
        there, here = columns_of(con, DATABASE, relation), columns_of(con, "built", here_relation)
        rows = con.sql(f"select count(*) from built.{here_relation}").fetchall()[0][0]
        found.rows[relation] = rows
        looked_at = {
            column: data_type
            for column, data_type in here.items()
            if not {column, f"{name}.{column}"} & RUN_COLUMNS
            and f"{relation}.{column}" not in ignored
        }
        differences = [
            f"{column} is {there.get(column, 'missing')} for {data_type}"
            for column, data_type in looked_at.items()
            if kind_of(there.get(column)) != kind_of(data_type)
        ]
        if list(there) != list(here):
            differences.append(f"columns {list(there)}")
        if not differences:
            both = (f"built.{here_relation}", f"{DATABASE}.{relation}")
            differences = differing_values(con, both, values_of(name, looked_at), rows)
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
    """A type, whole numbers taken as one: Snowflake has one, how wide DuckDB's are says nothing."""
    bare = (data_type or "").removesuffix("[]")
    return data_type.replace(bare, "whole number") if bare in WHOLE_NUMBERS else data_type


def values_of(name: str, columns: Columns) -> Columns:
    """Expression → type of what is compared of a relation's columns."""
    said = {}
    for column, data_type in columns.items():
        compared = COMPARED_AS.get(column) or COMPARED_AS.get(f"{name}.{column}")
        said[compared or f'"{column}"'] = "BOOLEAN" if compared else data_type
    return said


def differing_values(
    con: duckdb.DuckDBPyConnection, both: tuple[str, str], values: Columns, rows: int
) -> list[str]:
    """What differs; rows are paired in the order of all values, floats last."""
    others = con.sql(f"select count(*) from {both[1]}").fetchall()[0][0]
    if others != rows:
        return [f"{others} rows"]
    floats = [value for value, data_type in values.items() if data_type == "DOUBLE"]
    exact = [value for value in values if value not in floats]
    names = {value: f"v{place}" for place, value in enumerate([*exact, *floats])}
    order = ", ".join(names.values())
    picked = ", ".join(f"{value} as {name}" for value, name in names.items())
    tests = [
        f"sum(cast(a.{names[value]} is distinct from b.{names[value]} as int))" for value in exact
    ] + [
        f"sum(cast(coalesce(abs(a.{name} - b.{name}) > {TOLERANCE} * greatest(1, abs(a.{name})),"
        f" a.{name} is distinct from b.{name}) as int))"
        for name in map(names.__getitem__, floats)
    ]
    numbered = [
        f"select *, row_number() over (order by {order}) as row_number_"
        f" from (select {picked} from {relation})"
        for relation in both
    ]
    counts = con.sql(
        f"with a as ({numbered[0]}), b as ({numbered[1]})"
        f" select {', '.join(tests)} from a join b on a.row_number_ = b.row_number_"
    ).fetchall()[0]
    return [
        f"{value} differs in {count} rows"
        for value, count in zip([*exact, *floats], counts, strict=True)
        if count
    ]
