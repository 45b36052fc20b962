"""Files as temporary tables: what is read in full before anything is put in place."""

from dataclasses import dataclass
from glob import escape
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from regulars.errors import UserError
from regulars.loading.csv_text import CsvFile
from regulars.loading.names import literal, quoted
from regulars.loading.progress import progress
from regulars.loading.raw_tables import check_count


@dataclass(frozen=True)
class Part:
    """A temporary table with the columns c0, c1, …; their names in the file; its rows."""

    table: str
    columns: list[str]
    rows: int


def csv_part(connection: duckdb.DuckDBPyConnection, csv_file: CsvFile, table: str) -> Part:
    """The rows of a CSV file as text.

    Raises:
        UserError: with the file and the line, when a row can't be read; when there is none.
    """
    columns = ", ".join(f"c{number} varchar" for number in range(len(csv_file.columns)))
    connection.execute(f"create temp table {quoted(table)} ({columns})")
    rows = 0
    with progress(csv_file.file.name, csv_file.file.stat().st_size) as advance:
        for batch in csv_file.batches(advance):
            _insert(connection, table, batch)
            rows += batch.num_rows
    return _checked(connection, Part(table, csv_file.columns, rows), csv_file.file)


def arrow_part(
    connection: duckdb.DuckDBPyConnection, cells: pa.Table, table: str, label: str
) -> Part:
    """The rows of an Arrow table of text; a row without any cell is none.

    Raises:
        UserError: when there are no rows.
    """
    names = [f"c{number}" for number in range(cells.num_columns)]
    columns = ", ".join(f"{name} varchar" for name in names)
    connection.execute(f"create temp table {quoted(table)} ({columns})")
    _insert(connection, table, cells.rename_columns(names))
    check_count(connection, quoted(table), cells.num_rows, label)
    empty = " and ".join(f"nullif(trim({name}), '') is null" for name in names)
    [(blank,)] = connection.execute(f"delete from {quoted(table)} where {empty}").fetchall()
    return _checked(connection, Part(table, cells.column_names, cells.num_rows - blank), label)


def parquet_part(connection: duckdb.DuckDBPyConnection, file: Path, table: str) -> Part:
    """The rows of a Parquet file, with its types.

    Raises:
        UserError: when it can't be read, when it has no rows.
    """
    columns = parquet_columns(file)
    names = ", ".join(f"c{number}" for number in range(len(columns)))
    # no folder's name may become a column, no bracket in a file's name a pattern
    source = f"read_parquet({literal(escape(str(file)))}, hive_partitioning = false)"
    try:
        with progress(file.name, None):
            connection.execute(
                f"create temp table {quoted(table)} as select * from {source} as file({names})"
            )
    except duckdb.Error as error:
        raise _unreadable(file, error) from error
    rows = pq.read_metadata(file).num_rows
    return _checked(connection, Part(table, columns, rows), file)


def parquet_columns(file: Path) -> list[str]:
    """The names of a Parquet file's columns.

    Raises:
        UserError: when it isn't a Parquet file.
    """
    try:
        return list(pq.read_schema(file).names)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(file, error) from error


def _insert(connection: duckdb.DuckDBPyConnection, table: str, batch: pa.Table) -> None:
    connection.register("loading_batch", batch)
    connection.execute(f"insert into {quoted(table)} from loading_batch").fetchall()
    connection.unregister("loading_batch")


def _checked(connection: duckdb.DuckDBPyConnection, part: Part, label: object) -> Part:
    if not part.rows:
        raise UserError(f"{label} has a header, but no rows.")
    check_count(connection, quoted(part.table), part.rows, label)
    return part


def _unreadable(file: Path, error: Exception) -> UserError:
    return UserError(f"{file} can't be read as Parquet: {str(error).splitlines()[0]}")
