"""One's own files become raw tables of their own."""

from pathlib import Path

import duckdb
import pytest

from regulars.engines.duckdb_warehouse import open_warehouse
from regulars.errors import UserError
from regulars.loading.raw_tables import RawTable, replace_tables
from tests.unit.loading.conftest import Query, Run


def test_csv_files(run: Run, query: Query, tmp_path: Path) -> None:
    orders, people = tmp_path / "Web Orders.csv", tmp_path / "people.csv"
    orders.write_text("Order ID;orderedAt;Größe\n001;2024-01-01; a \n002;;\n", encoding="utf-8")
    people.write_text("id,loaded_at\n7,yesterday\n")
    code, out, err = run("files", "--source", "shop", orders, people)
    assert (code, err) == (0, "")
    assert "2 rows  Web Orders.csv → raw_shop.web_orders" in out
    assert "3 rows  in schema raw_shop, target prod" in out
    described = query("describe raw_shop.web_orders", "prod")
    assert [(name, kind) for name, kind, *_ in described] == [
        ("order_id", "VARCHAR"),
        ("ordered_at", "VARCHAR"),
        ("grosse", "VARCHAR"),
        ("loaded_at", "TIMESTAMP"),
        ("loaded_from", "VARCHAR"),
    ]
    assert query("select * exclude (loaded_at) from raw_shop.web_orders", "prod") == [
        ("001", "2024-01-01", " a ", "Web Orders.csv"),
        ("002", None, None, "Web Orders.csv"),
    ]
    assert query("select * from raw_shop.people", "prod") == [("7", "yesterday", "people.csv")]


def test_parquet_keeps_its_types(run: Run, query: Query, tmp_path: Path) -> None:
    file = tmp_path / "year=2024" / "items.parquet"
    file.parent.mkdir()
    duckdb.execute(
        'copy (select 1::smallint as "Item ID", [1.5::decimal(9,2)] as prices, 7 as year) '
        f"to '{file}'"
    )
    assert run("files", "--source", "shop", "--target", "dev", file)[0] == 0
    described = query("describe raw_shop.items", "dev")
    assert [(name, kind) for name, kind, *_ in described] == [
        ("item_id", "SMALLINT"),
        ("prices", "DECIMAL(9,2)[]"),
        ("year", "INTEGER"),
        ("loaded_at", "TIMESTAMP"),
        ("loaded_from", "VARCHAR"),
    ]
    assert query("select year from raw_shop.items", "dev") == [(7,)]


def test_a_table_that_arrives_incomplete_undoes_all(query: Query) -> None:
    with open_warehouse("prod") as warehouse:
        replace_tables(warehouse, "raw_s", [RawTable("a", "select 1 as x", 1)])
        with pytest.raises(UserError, match=r"raw_s\.b has 3 rows, of which 1 arrived"):
            replace_tables(
                warehouse,
                "raw_s",
                [RawTable("a", "select 2 as x", 1), RawTable("b", "select 1 as x", 3)],
            )
    assert query("select x from raw_s.a", "prod") == [(1,)]
    assert query("select count(*) from duckdb_tables()", "prod") == [(1,)]


def test_all_tables_or_none(run: Run, query: Query, tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("x\n1\n\n")
    second.write_text("x,y\n1,2\n")
    assert run("files", "--source", "s", first, second)[0] == 0
    first.write_text("x\n2\n")
    second.write_text('x,y\n1,"2\n')
    code, _, err = run("files", "--source", "s", first, second)
    assert code == 2
    assert "b.csv, line 2:" in err
    assert query("select x from raw_s.a", "prod") == [("1",), (None,)]
