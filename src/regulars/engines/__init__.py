"""The warehouses that a dbt Python model can run in, behind one small interface."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias

import pyarrow as pa

from regulars.errors import UserError

if TYPE_CHECKING:
    import duckdb

# a DuckDB connection in memory, for libraries that work on one, wherever the warehouse is
Scratch: TypeAlias = "duckdb.DuckDBPyConnection"

# rows that a function of this project made
Rows: TypeAlias = pa.Table | pa.RecordBatchReader


class BatchFunction(Protocol):
    """What is worked out for each row by itself, a batch at a time, wherever the rows are.

    Attributes:
        schema: of what it returns.
        inputs: the columns that it looks at, by name, and the types that they are cast to.
    """

    schema: pa.Schema
    inputs: pa.Schema

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of `schema` for a batch with the columns of `inputs`, in the same order."""
        ...

    def to_bytes(self) -> bytes:
        """All that `from_bytes` needs in another process."""
        ...

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The same function, where this package is the same."""
        ...


# what a column is cast to, in words of both engines; 32-bit floats are what XGBoost holds
SQL_TYPES = {
    pa.string(): "varchar",
    pa.date32(): "date",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.int32(): "integer",
}


def cast_columns(schema: pa.Schema, named: bool = True) -> list[str]:
    """Expressions that give columns the types of a schema, `named` as a select asks for them."""
    return [
        f"cast({field.name} as {SQL_TYPES[field.type]})" + (f" as {field.name}" if named else "")
        for field in schema
    ]


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

    def apply(
        self, relation: Any, keys: pa.Schema, function: BatchFunction, where: str = "true"
    ) -> Any:
        """What a Python model returns: the keys of rows, and what the function says of them.

        No node ever holds all of the rows.
        """
        ...

    def to_relation(self, rows: Rows) -> Any:
        """What a Python model returns for rows that are here."""
        ...

    def scratch(self, **relations: Any) -> AbstractContextManager[Scratch]:
        """A DuckDB connection with the relations as views, for a library that works on one.

        What is made on it is gone when the context ends.
        """
        ...

    def publish(
        self,
        tables: dict[str, Any],
        publication: Any,
        target: str,
        generations: int,
        access: Mapping[str, Any],
    ) -> pa.Table:
        """Copies relations to where BI reads them, all at once or not at all.

        The last `generations` publications are kept to roll back to, this one included. `access`
        is the var `published_access`: who may read it, where the engine knows rights.
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
    if module.startswith("snowflake.snowpark."):
        from regulars.engines.snowflake import SnowflakeEngine

        return SnowflakeEngine(session)
    if {"duckdb", "_duckdb"} & set(module.split(".")):
        from regulars.engines.duckdb import DuckDBEngine

        return DuckDBEngine(session)
    raise UserError(f"Python models don't run on {module}: use DuckDB or Snowflake.")
