"""Where fakesnow lets DuckDB's ways show, though Snowflake's differ: one function for each."""

import re
from typing import Any

import duckdb
import fakesnow.arrow
import fakesnow.transforms
import pyarrow as pa
from fakesnow.info_schema import SQL_CREATE_GLOBAL_INFORMATION_SCHEMA_COLUMNS_VIEW
from sqlglot import Expr, exp

WHOLE_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UBIGINT", "HUGEINT")
create_table_as = fakesnow.transforms.create_table_as
timestamps_without_nulls = fakesnow.arrow.timestamp_to_sf_struct
every_cast_to_timestamp = fakesnow.transforms.to_timestamp


def exact_sums(expression: Expr) -> Expr:
    """Decimals added as decimals, as Snowflake does; fakesnow casts to double in aggregates."""
    return expression


def name_whole_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Columns of any width of whole numbers are NUMBER(38, 0); fakesnow knows only one of them."""
    said = SQL_CREATE_GLOBAL_INFORMATION_SCHEMA_COLUMNS_VIEW.replace(
        "columns.data_type='BIGINT'", f"columns.data_type in {WHOLE_NUMBERS}"
    )
    connection.execute(said.replace("create view if not exists", "create or replace view"))


def table_with_columns(expression: Expr, duck_conn: duckdb.DuckDBPyConnection) -> Expr:
    """`create table (…) as select *`, the star written out: fakesnow asks in no dialect for it."""
    query = expression.expression if isinstance(expression, exp.Create) else None
    named = isinstance(expression, exp.Create) and isinstance(expression.this, exp.Schema)
    query = query.unnest() if isinstance(query, exp.Subquery) else query
    if named and isinstance(query, exp.Select) and query.is_star:
        rows = duck_conn.execute(f"describe {query.sql(dialect='duckdb')}").fetchall()
        query.set("expressions", [exp.column(row[0], quoted=True) for row in rows])
    return create_table_as(expression, duck_conn)


def division_by_zero(expression: Expr) -> Expr:
    """Divisions that fail on zero, as on Snowflake: DuckDB says infinite, or null."""
    return expression.transform(_checked)


def _checked(node: Expr) -> Expr:
    if not isinstance(node, exp.Div) or isinstance(node.expression, exp.Literal):
        return node
    divisor = node.expression
    refusal = exp.Anonymous(this="error", expressions=[exp.Literal.string("Division by zero")])
    is_zero = exp.EQ(this=divisor.copy(), expression=exp.Literal.number(0))
    checked = exp.Case().when(is_zero, refusal).else_(divisor.copy())
    return exp.Div(this=node.this.copy(), expression=checked)


def timestamps_with_nulls(column: Any) -> pa.Array:
    """Timestamps as the connector reads them; fakesnow sends 1970-01-01 for null."""
    timestamps = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    written = timestamps_without_nulls(timestamps)
    return pa.StructArray.from_arrays(
        written.flatten(), fields=list(written.type), mask=timestamps.is_null()
    )


def tried_timestamps(expression: Expr) -> Expr:
    """try_cast() to a timestamp as such; fakesnow makes a cast of it, which fails."""
    if isinstance(expression, exp.TryCast):
        return expression
    return every_cast_to_timestamp(expression)


def values_by_position(expression: Expr) -> Expr:
    """$1, $2 … of VALUES, which Snowpark writes, as the names that fakesnow gives its columns."""
    for values in expression.find_all(exp.Values):
        query = values.find_ancestor(exp.Select)
        if query is None or values.args.get("alias"):
            continue
        for place in list(query.find_all(exp.Parameter)):
            place.replace(exp.column(f"COLUMN{place.name}", quoted=True))
    return expression


def signed_hashes(expression: Expr) -> Expr:
    """hash() with a sign, as on Snowflake: DuckDB's is too large for the connector."""
    return expression.transform(_signed)


def _signed(node: Expr) -> Expr:
    if not isinstance(node, exp.Anonymous) or node.name.lower() != "hash":
        return node
    wide = exp.cast(node.copy(), "hugeint", dialect="duckdb")
    return exp.cast(exp.paren(wide - exp.Literal.number(2**63)), "bigint")


# parts of Snowflake's formats of times → DuckDB's
TIME_FORMATS = {
    **{"YYYY": "%Y", "MM": "%m", "DD": "%d"},
    **{"HH24": "%H", "MI": "%M", "SS": "%S", "FF6": "%f"},
}


def written_times(expression: Expr) -> Expr:
    """to_char() of a time with a format, which sqlglot leaves out for DuckDB.

    Raises:
        NotImplementedError: for a format with a part that isn't in TIME_FORMATS.
    """
    return expression.transform(_written)


def _written(node: Expr) -> Expr:
    if not isinstance(node, exp.ToChar) or node.args.get("format") is None:
        return node
    parts = re.split(r"(\W+)", node.args["format"].name)
    known = [part if not part.isalnum() else TIME_FORMATS.get(part) for part in parts]
    if None in known:
        raise NotImplementedError(
            f"the emulator's to_char() doesn't know {node.args['format'].name}"
        )
    return exp.Anonymous(
        this="strftime", expressions=[node.this.copy(), exp.Literal.string("".join(known))]
    )
