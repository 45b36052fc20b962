"""The small DuckDB file that BI reads: written aside, checked, then put in place by one rename.

One process that writes a DuckDB file shuts out all readers, so BI never opens the file
that dbt builds in.
"""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from regulars.engines.published_generations import clear_drafts, draft_generation, put_in_place
from regulars.engines.publishing import check_kept, numbered
from regulars.errors import UserError

# what DuckDB 1.1 and later can read
STORAGE_VERSION = "v1.0.0"


def write_published_file(
    session: duckdb.DuckDBPyConnection,
    tables: dict[str, duckdb.DuckDBPyRelation],
    publication: duckdb.DuckDBPyRelation,
    folder: Path,
    keep: int,
) -> pa.Table:
    """Publishes all tables and the publication's row, or leaves the old file as it is.

    Args:
        session: the live connection that the relations belong to.
        tables: relations by the name that they get. Binary columns are left out: BI
            can't show them.
        publication: this run's one row, with run_id and as_of_date; it gets its
            generation's number and the time.
        folder: where the published file is. It is made when it is missing.
        keep: how many generations stay, the new one included.

    Returns:
        The publication's row as it was written.

    Raises:
        UserError: when `keep` isn't a number from 1, the folder can't be written, or what was
            written isn't what the relations hold.
    """
    check_kept(keep)
    row = publication.to_arrow_table()
    day, run_id = row["as_of_date"][0].as_py(), row["run_id"][0].as_py()
    number, draft = draft_generation(folder, day, run_id)
    written = numbered(row, number)
    shown = {
        name: relation.project(_shown_columns(relation))
        for name, relation in (tables | {"publication": session.from_arrow(written)}).items()
    }
    try:
        _write(session, shown, draft)
        _check(session, shown, draft)
        put_in_place(folder, draft, keep)
    finally:
        clear_drafts(folder)
    return written


def _write(
    session: duckdb.DuckDBPyConnection, tables: dict[str, duckdb.DuckDBPyRelation], draft: Path
) -> None:
    attach = f"attach {_quoted(draft)} as draft (storage_version '{STORAGE_VERSION}')"
    session.execute(attach).fetchall()
    try:
        for name, relation in tables.items():
            relation.create(f"draft.main.{name}")
    finally:
        session.execute("detach draft").fetchall()


def _check(
    session: duckdb.DuckDBPyConnection, tables: dict[str, duckdb.DuckDBPyRelation], draft: Path
) -> None:
    """Reads the draft back from its file and compares it with where it came from.

    Raises:
        UserError: when it can't be opened, or a table differs.
    """
    todo = "What was published before is as it was: check the disk, then build again."
    try:
        session.execute(f"attach {_quoted(draft)} as draft (read_only)").fetchall()
        try:
            for name, relation in tables.items():
                back = session.sql(f"from draft.main.{name}")
                if _content(back) != _content(relation):
                    raise UserError(f"{name} was not written as it is in the build. {todo}")
        finally:
            session.execute("detach draft").fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"What was just written can't be read ({reason}). {todo}") from error


def _content(relation: duckdb.DuckDBPyRelation) -> tuple[Any, ...]:
    """Columns, types, row count and a hash of all values, whatever the order of the rows."""
    columns = _shown_columns(relation)
    (counted,) = relation.aggregate(f"count(*), sum(hash({columns})::hugeint)").fetchall()
    return relation.columns, relation.types, *counted


def _shown_columns(relation: duckdb.DuckDBPyRelation) -> str:
    return ", ".join(
        f'"{column}"'
        for column, type_ in zip(relation.columns, relation.types, strict=True)
        if str(type_) != "BLOB"
    )


def _quoted(file: Path) -> str:
    path = str(file).replace("'", "''")
    return f"'{path}'"
