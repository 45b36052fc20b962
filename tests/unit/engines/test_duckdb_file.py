"""The published file is the old one or the new one, whole."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from regulars.engines.duckdb_file import (
    STORAGE_VERSION,
    published_generation,
    write_published_file,
)
from regulars.errors import UserError


@pytest.fixture
def session() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "published" / "demo" / "regulars.duckdb"


def publish(session: duckdb.DuckDBPyConnection, file: Path, run: str = "run", **tables: str):
    relations = {name: session.sql(sql) for name, sql in tables.items()}
    row = session.sql(f"select '{run}' as run_id, date '2024-05-31' as as_of_date")
    return write_published_file(session, relations, row, file)


def ask(file: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as published:
        return published.execute(sql).fetchall()


def test_all_tables_and_the_publication_are_there(
    session: duckdb.DuckDBPyConnection, file: Path
) -> None:
    before = datetime.now(UTC).replace(tzinfo=None)
    written = publish(session, file, customers="select 'a' as customer_id", n="from range(3)")
    assert ask(file, "show tables") == [("customers",), ("n",), ("publication",)]
    assert ask(file, "select count(*) from n") == [(3,)]
    ((run_id, generation, published_at),) = ask(
        file, "select run_id, generation, published_at from publication"
    )
    assert (run_id, generation) == ("run", 1)
    assert timedelta(0) <= published_at - before < timedelta(minutes=1)
    assert written.to_pylist()[0]["published_at"] == published_at
    assert [path.name for path in file.parent.iterdir()] == ["regulars.duckdb"]


def test_each_publication_counts_one_up_and_leaves_nothing_of_the_last(
    session: duckdb.DuckDBPyConnection, file: Path
) -> None:
    publish(session, file, old="select 1 as one")
    for generation in (2, 3):
        written = publish(session, file, f"run {generation}", new="select 2 as two")
        assert written["generation"].to_pylist() == [generation]
        assert published_generation(file) == generation
    assert ask(file, "show tables") == [("new",), ("publication",)]
    assert ask(file, "select run_id from publication") == [("run 3",)]


def test_a_table_that_fails_midway_leaves_the_old_file(
    session: duckdb.DuckDBPyConnection, file: Path
) -> None:
    publish(session, file, customers="select 'a' as customer_id")
    old = file.read_bytes()
    with pytest.raises(duckdb.Error, match="boom"):
        publish(
            session,
            file,
            "red",
            customers="select 'b' as customer_id from range(100000)",
            scores="select case when range = 90000 then error('boom') end as n from range(100000)",
        )
    assert file.read_bytes() == old
    assert [path.name for path in file.parent.iterdir()] == ["regulars.duckdb"]
    # and the session is as it was, so that the next one succeeds
    publish(session, file, "green", customers="select 'b' as customer_id")
    assert ask(file, "select run_id, generation from publication") == [("green", 2)]


def test_older_duckdb_can_read_the_file(session: duckdb.DuckDBPyConnection, file: Path) -> None:
    publish(session, file, n="from range(3)")
    ((tags,),) = ask(
        file, "select tags from duckdb_databases() where database_name = current_database()"
    )
    assert tags["storage_version"].startswith(STORAGE_VERSION)


def test_binary_columns_are_left_out(session: duckdb.DuckDBPyConnection, file: Path) -> None:
    publish(session, file, models="select 'm' as model_id, 'x'::blob as booster, 1 as rows_count")
    assert ask(file, "select * from models") == [("m", 1)]
    assert ask(file, "select column_name from (describe models)") == [
        ("model_id",),
        ("rows_count",),
    ]


def test_a_folder_with_a_quote_in_its_name(
    session: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = tmp_path / "O'Brien's shop" / "regulars.duckdb"
    publish(session, file, n="from range(3)")
    assert published_generation(file) == 1


def test_no_file_is_generation_0(file: Path) -> None:
    assert published_generation(file) == 0


def test_a_file_that_was_not_published_is_left_alone(
    session: duckdb.DuckDBPyConnection, file: Path
) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("not a database")
    with pytest.raises(UserError, match=r"regulars\.duckdb can't be read .*: move it away\.$"):
        publish(session, file)
    assert file.read_text() == "not a database"

    file.unlink()
    with duckdb.connect(str(file)) as other:
        other.execute("create table notes (note text)")
    with pytest.raises(UserError, match="publication"):
        publish(session, file)
    assert ask(file, "show tables") == [("notes",)]
