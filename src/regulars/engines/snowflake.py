"""Snowflake inside a dbt Python model: `session` is Snowpark's, in the procedure that dbt makes.

Names come and go in small letters, as everywhere in this project: Snowflake writes those that
nobody quotes in capitals. What is made here on the way is temporary, and goes with the session.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from regulars.engines import BatchFunction, Rows, cast_columns
from regulars.engines.snowflake_function import function_sql
from regulars.engines.snowflake_package import SCHEMA
from regulars.engines.snowflake_publishing import Access, swap_published_schema
from regulars.engines.snowflake_types import (
    arrow_columns,
    empty_table,
    small,
    sql_type,
    type_name,
)
from regulars.errors import UserError

if TYPE_CHECKING:
    from snowflake.snowpark import DataFrame, Session

FLOAT32 = re.compile(r"cast\(.+ as float\) as (\w+)")
MOST_INPUTS = 500  # docs.snowflake.com/en/developer-guide/udf-stored-procedure-arguments
PIECE_ROWS = 1_000_000  # of one file on the way into a table


class SnowflakeEngine:
    """Reads what dbt refs in batches, and hands rows over as a temporary table.

    Args:
        session: the session that dbt's procedure runs on.
    """

    def __init__(self, session: "Session") -> None:
        self.session = session

    def columns(self, relation: "DataFrame") -> dict[str, str]:
        """A relation's columns and their types, in order."""
        return {small(field.name): type_name(field.datatype) for field in relation.schema.fields}

    def read(
        self,
        relation: "DataFrame",
        columns: Sequence[str] = ("*",),
        where: str = "true",
        order_by: Sequence[str] = (),
    ) -> pa.Table:
        """Rows as one Arrow table, ordered by expressions, which must be total to be stable."""
        chosen = self._chosen(relation, columns, where, order_by)
        chunks = list(_chunks(chosen, columns))
        return pa.concat_tables(chunks) if chunks else empty_table(chosen.schema, _halved(columns))

    def stream(
        self,
        relation: "DataFrame",
        columns: Sequence[str] = ("*",),
        where: str = "true",
        batch_rows: int = 100_000,
    ) -> Iterator[pa.RecordBatch]:
        """Rows in batches of at most `batch_rows`, in chunks as Snowflake keeps a result."""
        for chunk in _chunks(self._chosen(relation, columns, where, ()), columns):
            yield from chunk.to_batches(max_chunksize=batch_rows)

    def apply(
        self, relation: "DataFrame", keys: pa.Schema, function: BatchFunction, where: str = "true"
    ) -> "DataFrame":
        """A lazy query of the keys and what the function says: a vectorized UDF says it.

        The rows go from the table through the nodes of the warehouse into the model's table; this
        procedure doesn't see them.

        Raises:
            UserError: when the function looks at more columns than Snowflake hands over.
        """
        if len(function.inputs) > MOST_INPUTS:
            raise UserError(
                f"A model looks at {len(function.inputs)} features, and Snowflake hands a function"
                f" {MOST_INPUTS}: leave some out of customer_features."
            )
        file = f"{uuid4().hex}.json"
        self._put(io.BytesIO(function.to_bytes()), file)
        name = f"{SCHEMA}.apply_{uuid4().hex}"
        self.run(function_sql(name, function, f"{self._stage}/{file}"))
        called = f"{name}({', '.join(cast_columns(function.inputs, named=False))})"
        asked = ", ".join([*cast_columns(keys), f"{called} as said"])
        said = [
            f"cast(get_path(said, '{field.name}') as {sql_type(field.type)}) as {field.name}"
            for field in function.schema
        ]
        return self.session.sql(
            f"select {', '.join([*keys.names, *said])}"
            f" from (select {asked} from {_source(relation)} where {where}) as asked"
        )

    def to_relation(self, rows: Rows) -> "DataFrame":
        """Rows as a temporary table, by way of Parquet files: types are those of the rows."""
        name, folder = f"{SCHEMA}.rows_{uuid4().hex}", uuid4().hex
        types = {field.name: sql_type(field.type) for field in rows.schema}
        columns = ", ".join(f"{column} {type_}" for column, type_ in types.items())
        self.run(f"create temporary table {name} ({columns})")
        batches = rows.to_batches() if isinstance(rows, pa.Table) else rows
        files = 0
        for piece in _pieces(batches):
            self._put(_parquet(piece), f"{folder}/{files}.parquet")
            files += 1
        if files:
            picked = ", ".join(f"$1:{column}::{type_}" for column, type_ in types.items())
            self.run(
                f"copy into {name} from (select {picked} from {self._stage}/{folder}/)"
                " file_format = (type = parquet binary_as_text = false use_logical_type = true)"
            )
        return self.session.table(name)

    @contextmanager
    def scratch(self, **relations: "DataFrame") -> Iterator[duckdb.DuckDBPyConnection]:
        """A DuckDB connection inside the procedure, with the relations read into it.

        It is in memory: what is compared must fit into the procedure's node.
        """
        with duckdb.connect() as connection:
            for name, relation in relations.items():
                connection.from_arrow(self.read(relation)).create(name)
            yield connection

    def run_id(self) -> str:
        """dbt's invocation id of this run, as the hook `name_run` left it in the session.

        Raises:
            UserError: when the model has no such hook.
        """
        from snowflake.snowpark.exceptions import SnowparkSQLException

        try:
            return str(self.run("select $run_id")[0][0])
        except SnowparkSQLException as error:
            raise UserError(
                "This model needs the pre-hook name_run, which says whose run it is."
            ) from error

    def expectations_connection(self) -> dict[str, Any]:
        """What Great Expectations' `add_sql` needs to work on the procedure's own connection."""
        from sqlalchemy.pool import StaticPool

        return {
            "connection_string": "snowflake://",
            "kwargs": {
                "creator": lambda: self.session.connection,
                "paramstyle": "qmark",  # Snowpark sets it on its connection
                "poolclass": StaticPool,
                "pool_reset_on_return": None,
            },
        }

    def expectations_table(self, name: str, relation: "DataFrame") -> dict[str, Any]:
        """Names a relation for Great Expectations."""
        *_, schema, table = relation.table_name.lower().split(".")
        return {"table_name": table, "schema_name": schema}

    def publish(
        self,
        tables: dict[str, Any],
        publication: Any,
        target: str,
        generations: int,
        access: Mapping[str, Any],
    ) -> pa.Table:
        """Copies relations into the published schema, all at once or not at all.

        Args:
            access: the var `published_access`.

        Returns:
            The publication's row with its generation and time, as it was written.
        """
        return swap_published_schema(self, tables, publication, generations, Access(**access))

    def _chosen(
        self, relation: "DataFrame", columns: Sequence[str], where: str, order_by: Sequence[str]
    ) -> "DataFrame":
        # one statement: an order inside a subquery is none
        sql = f"select {', '.join(columns)} from {_source(relation)} where {where}"
        if order_by:
            sql += f" order by {', '.join(f'{key} nulls last' for key in order_by)}"
        return self.session.sql(sql)

    @cached_property
    def _stage(self) -> str:
        """A stage for files of this session."""
        name = f"{SCHEMA}.files_{uuid4().hex}"
        self.run(f"create temporary stage {name}")
        return f"@{name}"

    def _put(self, content: io.BytesIO, file: str) -> None:
        self.session.file.put_stream(content, f"{self._stage}/{file}", auto_compress=False)

    def run(self, sql: str) -> list[Any]:
        """The rows that a statement returns."""
        return list(self.session.sql(sql).collect())


def _source(relation: "DataFrame") -> str:
    """What stands behind `from` for a relation."""
    name = getattr(relation, "table_name", None)
    return name or f"({relation.queries['queries'][-1]}) as relation"


def _chunks(chosen: "DataFrame", columns: Sequence[str]) -> Iterator[pa.Table]:
    """A result in chunks as Snowflake keeps it; none when it has no rows."""
    halved = _halved(columns)
    for chunk in chosen.to_arrow_batches():
        yield arrow_columns(chunk, halved)


def _halved(columns: Sequence[str]) -> set[str]:
    return {found[1] for column in columns if (found := FLOAT32.fullmatch(column))}


def _pieces(batches: Any) -> Iterator[pa.Table]:
    """Batches put together to what makes a file."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(each.num_rows for each in held) >= PIECE_ROWS:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def _parquet(rows: pa.Table) -> io.BytesIO:
    content = io.BytesIO()
    pq.write_table(rows, content)
    content.seek(0)
    return content
