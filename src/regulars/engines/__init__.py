"""The warehouses that a dbt Python model can run in, behind one small interface."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from regulars.errors import UserError

# a DuckDB connection in memory, for libraries that work on one, wherever the warehouse is
Scratch = duckdb.DuckDBPyConnection


class Engine(Protocol):
    """What the Python of this project asks of a warehouse. A relation is what dbt.ref() returns."""

    def columns(self, relation: Any) -> dict[str, str]:
        """A relation's columns and their types, in order."""
        ...

    def read(
        self,
        relation: Any,
        columns: Sequence[str] = ("*",),
        where: str = "true",
        order_by: Sequence[str] = (),
    ) -> pa.Table:
        """Rows as one Arrow table; `order_by` must be a total order for a stable result."""
        ...

    def stream(
        self,
        relation: Any,
        columns: Sequence[str] = ("*",),
        where: str = "true",
        batch_rows: int = 100_000,
    ) -> Iterator[pa.RecordBatch]:
        """Rows in batches, so that memory doesn't grow with them."""
        ...

    def scratch(self, **relations: Any) -> AbstractContextManager[Scratch]:
        """A DuckDB connection with the relations as views, for a library that works on one.

        What is made on it is gone when the context ends.
        """
        ...

    def publish(
        self, tables: dict[str, Any], publication: Any, target: str, generations: int
    ) -> pa.Table:
        """Copies relations to where BI reads them, all at once or not at all.

        The last `generations` publications are kept to roll back to, this one included.
        """
        ...

    def run_id(self) -> str:
        """dbt's invocation id of this run, as the hook `name_run` left it in the session.

        Raises:
            UserError: when the model has no such hook.
        """
        ...

    def expectations_connection(self) -> dict[str, Any]:
        """What Great Expectations' `add_sql` needs to work on the live connection."""
        ...

    def expectations_table(self, name: str, relation: Any) -> dict[str, Any]:
        """Names a relation for Great Expectations; returns what `add_table_asset` needs."""
        ...


def engine_of(session: Any) -> Engine:
    """The engine behind the session that dbt hands to a Python model.

    Raises:
        UserError: for a warehouse that isn't supported.
    """
    module = type(session).__module__
    if {"duckdb", "_duckdb"} & set(module.split(".")):
        from regulars.engines.duckdb import DuckDBEngine

        return DuckDBEngine(session)
    raise UserError(f"Python models don't run on {module} yet: use a DuckDB target.")
