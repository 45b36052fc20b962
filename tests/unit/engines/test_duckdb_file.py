"""The published file is the old one or the new one, whole, and holds what was built."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from regulars.engines import duckdb_file
from regulars.engines.duckdb_file import STORAGE_VERSION, write_published_file
from regulars.engines.published_generations import current_generation, generations
from regulars.errors import UserError


@pytest.fixture
def session() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "published" / "demo" / "regulars.duckdb"


def publish(
    session: duckdb.DuckDBPyConnection, file: Path, run: str = "run", keep: int = 3, **tables: str
):
    relations = {name: session.sql(sql) for name, sql in tables.items()}
    row = session.sql(f"select '{run}' as run_id, date '2024-05-31' as as_of_date")
    return write_published_file(session, relations, row, file.parent, keep)


def ask(file: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as published:
        return published.execute(sql).fetchall()


def files(file: Path) -> list[str]:
    """All that lies beside and below the published file, without the lock."""
    folder = file.parent
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name != "generations/.lock")


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
    assert files(file) == ["generations/000001_2024-05-31_run.duckdb", "regulars.duckdb"]


def test_each_publication_counts_one_up_and_leaves_nothing_of_the_last(
    session: duckdb.DuckDBPyConnection, file: Path
) -> None:
    publish(session, file, old="select 1 as one")
    for generation in (2, 3):
        written = publish(session, file, f"run-{generation}", new="select 2 as two")
        assert written["generation"].to_pylist() == [generation]
        assert ask(file, "select generation from publication") == [(generation,)]
        current = current_generation(file.parent)
        assert current
        assert (current.number, current.run_id) == (generation, f"run-{generation}")
    assert ask(file, "show tables") == [("new",), ("publication",)]
    assert ask(file, "select run_id from publication") == [("run-3",)]


def test_so_many_generations_are_kept_and_each_opens(
    session: duckdb.DuckDBPyConnection, file: Path
) -> None:
    for n in range(1, 5):
        publish(session, file, f"run-{n}", keep=2, n=f"select {n} as n")
    kept = generations(file.parent)
    assert [(one.number, one.run_id) for one in kept] == [(4, "run-4"), (3, "run-3")]
    assert [ask(one.file, "select n from n") for one in kept] == [[(4,)], [(3,)]]


@pytest.mark.parametrize("keep", [0, -1, None, "5", 2.0, True])
def test_a_number_of_generations_that_is_none_is_refused(
    session: duckdb.DuckDBPyConnection, file: Path, keep: object
) -> None:
    with pytest.raises(UserError, match=r"^published_generations is .*: give a whole number from"):
        publish(session, file, keep=keep)  # type: ignore[arg-type]
    assert not file.parent.exists()


def test_a_table_that_fails_midway_leaves_the_old_file(
    session: duckdb.DuckDBPyConnection, file: Path
) -> None:
    publish(session, file, customers="select 'a' as customer_id")
    old, names = file.read_bytes(), files(file)
    with pytest.raises(duckdb.Error, match="boom"):
        publish(
            session,
            file,
            "red",
            customers="select 'b' as customer_id from range(100000)",
            scores="select case when range = 90000 then error('boom') end as n from range(100000)",
        )
    assert file.read_bytes() == old
    assert files(file) == names
    # and the session is as it was, so that the next one succeeds
    publish(session, file, "green", customers="select 'b' as customer_id")
    assert ask(file, "select run_id, generation from publication") == [("green", 2)]


@pytest.mark.parametrize(
    "damage",
    [
        "delete from draft.main.scores where score = 3",
        "insert into draft.main.scores from draft.main.scores where score = 3",
        "update draft.main.scores set score = -1 where score = 3",
        "update draft.main.scores set score = null where score = 3",
        "update draft.main.scores set score = rank, rank = score where score = 3",
        "alter table draft.main.scores alter score type bigint",
        "alter table draft.main.scores rename score to points",
    ],
)
def test_a_draft_that_differs_from_the_build_is_not_put_in_place(
    session: duckdb.DuckDBPyConnection, file: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    publish(session, file, n="from range(3)")
    old, names = file.read_bytes(), files(file)
    write = duckdb_file._write

    def write_and_damage(session, tables, draft):
        write(session, tables, draft)
        session.execute(f"attach '{draft}' as draft")
        session.execute(damage)
        session.execute("detach draft")

    monkeypatch.setattr(duckdb_file, "_write", write_and_damage)
    scores = "select range::integer as score, 10 - range::integer as rank from range(10)"
    with pytest.raises(UserError, match=r"^scores was not written as it is in the build\. What"):
        publish(session, file, "red", scores=scores)
    assert file.read_bytes() == old
    assert files(file) == names
    monkeypatch.undo()
    publish(session, file, "green", scores=scores)
    assert ask(file, "select run_id, generation from publication") == [("green", 2)]


@pytest.mark.parametrize("damage", ["cut off", "one byte", "gone"])
def test_a_draft_that_cannot_be_read_back_is_not_put_in_place(
    session: duckdb.DuckDBPyConnection, file: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    publish(session, file, n="from range(3)")
    old, names = file.read_bytes(), files(file)
    write = duckdb_file._write

    def write_and_damage(session, tables, draft):
        write(session, tables, draft)
        content = draft.read_bytes()
        if damage == "cut off":
            draft.write_bytes(content[: len(content) // 2])
        elif damage == "one byte":
            middle = len(content) // 2
            draft.write_bytes(
                content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            )
        else:
            draft.unlink()

    monkeypatch.setattr(duckdb_file, "_write", write_and_damage)
    text = "select md5(range::text) as t from range(50000)"  # so many that the middle is text
    with pytest.raises(UserError, match=r"^What was just written can't be read \(.*\)\. What was"):
        publish(session, file, "red", texts=text)
    assert file.read_bytes() == old
    assert files(file) == names
    monkeypatch.undo()
    publish(session, file, "green", texts=text)


def test_rows_are_compared_whatever_their_order_and_null_values_count(
    session: duckdb.DuckDBPyConnection,
) -> None:
    def content(values: str) -> tuple:
        return duckdb_file._content(session.sql(f"from (values {values}) t(a, b)"))

    assert content("(1, 2), (3, null)") == content("(3, null), (1, 2)")
    assert content("(1, 2), (3, null)") != content("(1, 2), (null, 3)")
    assert content("(1, 2), (1, 2)") != content("(1, 2)")
    assert content("(1, 2), (3, 4)") != content("(1, 4), (3, 2)")


def test_a_tool_that_holds_the_file_for_writing_stops_nothing(
    session: duckdb.DuckDBPyConnection, file: Path
) -> None:
    publish(session, file, n="select 1 as n")
    with duckdb.connect(str(file)) as tool:
        tool.execute("create view of_the_tool as select 1")
        tool.execute("delete from n")
        log = file.with_name("regulars.duckdb.wal")
        assert log.exists()
        publish(session, file, n="select 2 as n")
        # a log beside the new file would be applied to it
        assert not log.exists()
        copy = file.with_name("copy.duckdb")  # this process knows the path as the tool's
        copy.write_bytes(file.read_bytes())
        assert ask(copy, "show tables") == [("n",), ("publication",)]
        assert ask(copy, "from n") == [(2,)]
    assert ask(file, "from n") == [(2,)]


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


def test_a_column_may_have_any_name(session: duckdb.DuckDBPyConnection, file: Path) -> None:
    publish(session, file, orders='select 1 as "order", 2 as "Größe in cm"')
    assert ask(file, 'select "order", "Größe in cm" from orders') == [(1, 2)]


def test_a_table_without_rows(session: duckdb.DuckDBPyConnection, file: Path) -> None:
    publish(session, file, n="select 1 as n where false")
    assert ask(file, "from n") == []


def test_a_world_without_events_has_no_day(session: duckdb.DuckDBPyConnection, file: Path) -> None:
    row = session.sql("select 'run' as run_id, null::date as as_of_date")
    write_published_file(session, {}, row, file.parent, 3)
    current = current_generation(file.parent)
    assert current
    assert current.as_of_date is None
    assert current.file.name == "000001_no-date_run.duckdb"


def test_a_folder_with_a_quote_in_its_name(
    session: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = tmp_path / "O'Brien's shop" / "regulars.duckdb"
    publish(session, file, n="from range(3)")
    assert ask(file, "select generation from publication") == [(1,)]


def test_what_a_version_without_generations_left_is_replaced(
    session: duckdb.DuckDBPyConnection, file: Path
) -> None:
    file.parent.mkdir(parents=True)
    with duckdb.connect(str(file)) as before:
        before.execute("create table publication as select 'old' as run_id, 7 as generation")
    file.with_name(".regulars.duckdb.4711.draft").touch()
    file.with_name(".regulars.duckdb.4711.draft.wal").touch()
    publish(session, file, n="from range(3)")
    assert ask(file, "select run_id, generation from publication") == [("run", 1)]
    assert files(file) == ["generations/000001_2024-05-31_run.duckdb", "regulars.duckdb"]


def test_a_folder_that_cannot_be_written_is_one_line(
    session: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / "published").write_text("a file where a folder should be")
    with pytest.raises(UserError, match=r"published/demo can't be written \(Not a directory\): "):
        publish(session, tmp_path / "published" / "demo" / "regulars.duckdb", n="from range(3)")
