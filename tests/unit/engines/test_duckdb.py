"""What the Python models ask of a DuckDB session."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from regulars.engines.duckdb import DuckDBEngine


@pytest.fixture
def engine() -> DuckDBEngine:
    return DuckDBEngine(duckdb.connect())


@pytest.fixture
def numbers(engine: DuckDBEngine) -> duckdb.DuckDBPyRelation:
    return engine.session.sql("select 9 - range as n, range % 3 as third from range(10)")


def test_columns_come_with_their_types_in_order(engine: DuckDBEngine) -> None:
    relation = engine.session.sql(
        "select 1.5::decimal(18,4) as amount, 'x' as name, true as is_new"
    )
    assert list(engine.columns(relation).items()) == [
        ("amount", "DECIMAL(18,4)"),
        ("name", "VARCHAR"),
        ("is_new", "BOOLEAN"),
    ]


def test_read_filters_sorts_and_projects(
    engine: DuckDBEngine, numbers: duckdb.DuckDBPyRelation
) -> None:
    table = engine.read(
        numbers, columns=["n", "n * 2 as twice"], where="third < 2", order_by=["third desc", "n"]
    )
    assert table.to_pydict() == {
        "n": [2, 5, 8, 0, 3, 6, 9],
        "twice": [4, 10, 16, 0, 6, 12, 18],
    }


def test_read_gives_all_by_default(engine: DuckDBEngine, numbers: duckdb.DuckDBPyRelation) -> None:
    assert engine.read(numbers).shape == (10, 2)


def test_read_sorts_by_columns_that_it_does_not_give(
    engine: DuckDBEngine, numbers: duckdb.DuckDBPyRelation
) -> None:
    table = engine.read(numbers, columns=["third"], order_by=["n"])
    assert table["third"].to_pylist() == [0, 2, 1, 0, 2, 1, 0, 2, 1, 0]


def test_stream_gives_the_same_rows_in_batches(engine: DuckDBEngine) -> None:
    relation = engine.session.sql("select range as n from range(500000)")
    batches = list(engine.stream(relation, columns=["n + 1 as n"], where="n % 2 = 0"))
    assert max(batch.num_rows for batch in batches) < 250_000
    assert len(batches) > 1
    streamed = pa.Table.from_batches(batches)["n"].to_pylist()
    assert sorted(streamed) == list(range(1, 500_001, 2))


def test_publish_writes_beside_the_build_file(tmp_path: Path) -> None:
    (tmp_path / "warehouse").mkdir()
    with duckdb.connect(str(tmp_path / "warehouse" / "demo.duckdb")) as session:
        run = session.sql("select 'run 1' as run_id, date '2024-05-31' as as_of_date")
        customers = session.sql("select 'a' as customer_id")
        written = DuckDBEngine(session).publish({"customers": customers}, run, "demo", 5, {})
    assert written["run_id"].to_pylist() == ["run 1"]
    file = tmp_path / "published" / "demo" / "regulars.duckdb"
    with duckdb.connect(str(file), read_only=True) as published:
        assert published.execute("select * from customers").fetchall() == [("a",)]
