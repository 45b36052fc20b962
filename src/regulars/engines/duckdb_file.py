"""The small DuckDB file that BI reads: written aside, then put in place by one rename.

One process that writes a DuckDB file shuts out all readers, so BI never opens the file
that dbt builds in.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from regulars.errors import UserError

# what DuckDB 1.1 and later can read
STORAGE_VERSION = "v1.0.0"


def write_published_file(
    session: duckdb.DuckDBPyConnection,
    tables: dict[str, duckdb.DuckDBPyRelation],
    publication: duckdb.DuckDBPyRelation,
    file: Path,
) -> pa.Table:
    """Writes all tables and the publication's row, or leaves the old file as it is.

    Args:
        session: the live connection that the relations belong to.
        tables: relations by the name that they get. Binary columns are left out: BI
            can't show them.
        publication: this run's one row; it gets a generation, one more than the old
            file's, and the time.
        file: the published file. Its folder is made when it is missing.

    Returns:
        The publication's row as it was written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    row = publication.to_arrow_table().to_pylist()[0]
    row |= {"generation": published_generation(file) + 1, "published_at": datetime.now(UTC)}
    written = pa.Table.from_pylist([row], schema=_publication_schema(publication))
    draft = file.with_name(f".{file.name}.{os.getpid()}.draft")
    for left_behind in file.parent.glob(f".{file.name}.*.draft*"):
        left_behind.unlink()  # by a run that was killed: only one process can hold the build file
    try:
        _write(session, tables | {"publication": session.from_arrow(written)}, draft)
        _flush(draft)
        draft.replace(file)
        _flush(file.parent)
    finally:
        draft.unlink(missing_ok=True)
    return written


def published_generation(file: Path) -> int:
    """How often this file was published; 0 when it doesn't exist yet.

    Raises:
        UserError: when the file isn't one that was published.
    """
    if not file.exists():
        return 0
    try:
        with duckdb.connect(str(file), read_only=True) as published:
            rows = published.execute("select generation from publication").fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{file} can't be read ({reason}): move it away.") from error
    return int(rows[0][0])


def _write(
    session: duckdb.DuckDBPyConnection, tables: dict[str, duckdb.DuckDBPyRelation], draft: Path
) -> None:
    path = str(draft).replace("'", "''")
    session.execute(f"attach '{path}' as draft (storage_version '{STORAGE_VERSION}')").fetchall()
    try:
        for name, relation in tables.items():
            shown = [
                column
                for column, type_ in zip(relation.columns, relation.types, strict=True)
                if str(type_) != "BLOB"
            ]
            relation.project(", ".join(shown)).create(f"draft.main.{name}")
    finally:
        session.execute("detach draft").fetchall()


def _publication_schema(publication: duckdb.DuckDBPyRelation) -> pa.Schema:
    schema = publication.limit(0).to_arrow_table().schema
    return schema.append(pa.field("generation", pa.int64())).append(
        pa.field("published_at", pa.timestamp("us"))
    )


def _flush(path: Path) -> None:
    """Forces a file, or a folder's entries, to disk: after the rename it must be whole."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
