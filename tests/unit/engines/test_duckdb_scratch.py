"""A scratch connection: it sees what it was given, and nothing of it is left."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from regulars.engines.duckdb import DuckDBEngine


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "demo.duckdb"


@pytest.fixture
def engine(file: Path) -> Iterator[DuckDBEngine]:
    with duckdb.connect(str(file)) as session:
        session.execute("create schema built")
        session.execute("create table built.people as select range as n from range(5)")
        yield DuckDBEngine(session)


@pytest.fixture
def people(engine: DuckDBEngine) -> duckdb.DuckDBPyRelation:
    return engine.session.table("demo.built.people")


def databases(engine: DuckDBEngine) -> set[str]:
    rows = engine.session.sql("select database_name from duckdb_databases() where not internal")
    return {name for (name,) in rows.fetchall()}


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.sql("select table_name from information_schema.tables order by all")
    return [name for (name,) in rows.fetchall()]


def test_relations_are_seen_by_their_names(
    engine: DuckDBEngine, people: duckdb.DuckDBPyRelation
) -> None:
    few = people.filter("n < 2").project("n + 1 as n")
    with engine.scratch(everybody=people, few=few) as connection:
        assert connection.sql("select count(*) from everybody").fetchall() == [(5,)]
        assert connection.sql("from few order by n").fetchall() == [(1,), (2,)]


def test_what_is_made_is_gone_and_nothing_stays_in_the_build_file(
    engine: DuckDBEngine, people: duckdb.DuckDBPyRelation, file: Path
) -> None:
    with engine.scratch(everybody=people) as connection:
        connection.execute("create table copied as select 'secret_name' || n as s from everybody")
        connection.execute("create temp table also as from copied")
        connection.execute("create schema more")
        connection.execute("create table more.copied as from copied")
        assert connection.sql("select count(*) from copied").fetchall() == [(5,)]
    assert databases(engine) == {"demo"}
    assert tables(engine.session) == ["people"]
    engine.session.execute("checkpoint").fetchall()
    engine.session.close()
    assert b"secret_name" not in file.read_bytes()


def test_the_session_stays_where_it_was(
    engine: DuckDBEngine, people: duckdb.DuckDBPyRelation
) -> None:
    with engine.scratch(everybody=people):
        assert engine.session.sql("select current_database()").fetchall() == [("demo",)]
        assert engine.session.sql("select count(*) from built.people").fetchall() == [(5,)]
    assert people.fetchall() == [(n,) for n in range(5)]


def test_nothing_is_left_when_the_body_raises(
    engine: DuckDBEngine, people: duckdb.DuckDBPyRelation
) -> None:
    with pytest.raises(duckdb.CatalogException), engine.scratch(everybody=people) as connection:
        connection.execute("create table copied as from everybody").fetchall()
        connection.execute("from what_is_not_there").fetchall()
    assert databases(engine) == {"demo"}
    with engine.scratch(everybody=people) as connection:
        assert tables(connection.cursor()) == tables(connection.cursor())
        assert connection.sql("select count(*) from everybody").fetchall() == [(5,)]


def test_nothing_is_left_when_a_transaction_is_open(
    engine: DuckDBEngine, people: duckdb.DuckDBPyRelation
) -> None:
    with pytest.raises(ValueError, match="stop"), engine.scratch(everybody=people) as connection:
        connection.execute("begin").fetchall()
        connection.execute("create table copied as from everybody").fetchall()
        raise ValueError("stop")
    assert databases(engine) == {"demo"}


def test_nothing_is_left_when_a_relation_is_no_table(
    engine: DuckDBEngine, people: duckdb.DuckDBPyRelation
) -> None:
    engine.session.execute("create table built.gone as select 1 as n").fetchall()
    gone = engine.session.table("demo.built.gone")
    engine.session.execute("drop table built.gone").fetchall()
    with pytest.raises(duckdb.CatalogException), engine.scratch(everybody=people, gone=gone):
        pass
    assert databases(engine) == {"demo"}


def test_two_at_once_see_nothing_of_each_other(
    engine: DuckDBEngine, people: duckdb.DuckDBPyRelation
) -> None:
    with engine.scratch(given=people) as one, engine.scratch(given=people.limit(2)) as other:
        one.execute("create table made as select 'one' as name").fetchall()
        other.execute("create table made as select 'other' as name").fetchall()
        assert one.sql("from made").fetchall() == [("one",)]
        assert other.sql("from made").fetchall() == [("other",)]
        assert one.sql("select count(*) from given").fetchall() == [(5,)]
        assert other.sql("select count(*) from given").fetchall() == [(2,)]
    assert databases(engine) == {"demo"}
