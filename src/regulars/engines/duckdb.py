"""DuckDB inside a dbt Python model: `session` is the live connection."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa

from regulars.engines import BatchFunction, Rows, cast_columns
from regulars.engines.duckdb_file import write_published_file
from regulars.errors import UserError


class DuckDBEngine:
    """Reads and publishes what dbt refs, without copies that grow with the data.

    Args:
        session: the connection that dbt-duckdb runs the model on.
    """

    def __init__(self, session: duckdb.DuckDBPyConnection) -> None:
        self.session = session

    def columns(self, relation: duckdb.DuckDBPyRelation) -> dict[str, str]:
        """A relation's columns and their types, in order."""
        return dict(zip(relation.columns, map(str, relation.types), strict=True))

    def read(
        self,
        relation: duckdb.DuckDBPyRelation,
        columns: Sequence[str] = ("*",),
        where: str = "true",
        order_by: Sequence[str] = (),
    ) -> pa.Table:
        """Rows as one Arrow table, ordered by expressions, which must be total to be stable."""
        chosen = relation.filter(where)
        if not order_by:
            return chosen.project(", ".join(columns)).to_arrow_table()
        # what is asked for is mostly narrower than what stands there: the sort carries no more
        names = [f"sort_key_{place}" for place in range(len(order_by))]
        keys = [
            f"{key.removesuffix(' desc')} as {name}"
            for key, name in zip(order_by, names, strict=True)
        ]
        ordered = [
            name + (" desc" if key.endswith(" desc") else "")
            for key, name in zip(order_by, names, strict=True)
        ]
        narrow = chosen.project(", ".join([*columns, *keys])).order(", ".join(ordered))
        return narrow.project(f"* exclude ({', '.join(names)})").to_arrow_table()

    def stream(
        self,
        relation: duckdb.DuckDBPyRelation,
        columns: Sequence[str] = ("*",),
        where: str = "true",
        batch_rows: int = 100_000,
    ) -> Iterator[pa.RecordBatch]:
        """Rows in batches of at most `batch_rows`."""
        yield from relation.filter(where).project(", ".join(columns)).to_arrow_reader(batch_rows)

    def apply(
        self,
        relation: duckdb.DuckDBPyRelation,
        keys: pa.Schema,
        function: BatchFunction,
        where: str = "true",
    ) -> pa.RecordBatchReader:
        """A reader of the keys and what the function says, worked out batch by batch."""
        schema = pa.schema([*keys, *function.schema])
        further = pa.schema([field for field in function.inputs if field.name not in keys.names])
        columns = cast_columns(pa.schema([*keys, *further]))

        def batches() -> Iterator[pa.RecordBatch]:
            for batch in self.stream(relation, columns, where):
                kept = [batch.column(name) for name in keys.names]
                arrays = [*kept, *function(batch).columns]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

        return pa.RecordBatchReader.from_batches(schema, batches())

    def to_relation(self, rows: Rows) -> Rows:
        """dbt-duckdb takes Arrow as it is."""
        return rows

    @contextmanager
    def scratch(self, **relations: duckdb.DuckDBPyRelation) -> Iterator[duckdb.DuckDBPyConnection]:
        """A plain connection for a library that wants one, with the relations as views.

        What is made on it is in memory, spills like everything else, and is gone afterwards: no
        copy of personal data stays in the build file.
        """
        cursor, name = self.session.cursor(), f"scratch_{uuid4().hex}"
        cursor.execute(f"attach ':memory:' as {name}").fetchall()
        try:
            cursor.execute(f"use {name}").fetchall()
            for view, relation in relations.items():
                cursor.execute(f"create view {view} as {relation.sql_query()}").fetchall()
            yield cursor
        finally:
            cursor.close()
            self.session.execute(f"detach {name}").fetchall()

    def run_id(self) -> str:
        """dbt's invocation id of this run, as the hook `name_run` left it in the session.

        Raises:
            UserError: when the model has no such hook.
        """
        ((run_id,),) = self.session.sql("select getvariable('run_id')").fetchall()
        if run_id is None:
            raise UserError("This model needs the pre-hook name_run, which says whose run it is.")
        return str(run_id)

    def expectations_connection(self) -> dict[str, Any]:
        """What Great Expectations' `add_sql` needs to work on the live connection."""
        from sqlalchemy.pool import StaticPool

        from regulars.engines.duckdb_sqlalchemy import URL, LiveConnection

        return {
            "connection_string": URL,
            "kwargs": {
                "creator": lambda: LiveConnection(self.session),
                "poolclass": StaticPool,
                "pool_reset_on_return": None,
            },
        }

    def expectations_table(self, name: str, relation: duckdb.DuckDBPyRelation) -> dict[str, Any]:
        """Names a relation for Great Expectations: a view that only this session sees."""
        view = f"gated_{name}"
        self.session.execute(
            f"create or replace temp view {view} as {relation.sql_query()}"
        ).fetchall()
        return {"table_name": view, "schema_name": "temp"}

    def publish(
        self,
        tables: dict[str, Any],
        publication: Any,
        target: str,
        generations: int,
        access: Mapping[str, Any],
    ) -> pa.Table:
        """Copies relations into published/<target>/regulars.duckdb by one atomic rename.

        Args:
            tables: relations by the name that BI reads.
            publication: the relation with this run's one row.
            target: names the folder, which stands beside the build file's.
            generations: how many publications are kept, this one included.
            access: a file has no rights but its folder's.

        Returns:
            The publication's row with its generation and time, as it was written.

        Raises:
            UserError: when the folder can't be written, or holds not what was to be published.
        """
        folder = self._build_file().parent.parent / "published" / target
        return write_published_file(self.session, tables, publication, folder, generations)

    def _build_file(self) -> Path:
        """The database file that this run builds in."""
        ((path,),) = self.session.sql(
            "select path from duckdb_databases() where database_name = current_database()"
        ).fetchall()
        return Path(path)
