"""Reading a target's file: nothing can be changed, and errors are one line."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from regulars.engines.duckdb_reading import BuiltTables, read_warehouse
from regulars.errors import UserError


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse with one table."""
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path))
    (tmp_path / "warehouse").mkdir()
    file = tmp_path / "warehouse" / "demo.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute("create schema scores")
        con.execute("create table scores.orders as select 1 as id, 'x' as channel")
        con.execute("create view scores.orders_view as from scores.orders")
        con.execute("create schema raw_shop")
        con.execute("create table raw_shop.orders as select 2 as id")
        con.execute("create table raw_shop.clients as select 2 as id")
    return file


@pytest.mark.usefixtures("file")
def test_tables_and_views_are_found_but_no_raw_ones() -> None:
    with read_warehouse("demo") as warehouse:
        assert warehouse.find("orders", "scores") == '"scores"."orders"'
        assert warehouse.find("orders", None) == '"scores"."orders"'
        assert warehouse.find("orders_view", "elsewhere") == '"scores"."orders_view"'
        assert warehouse.find("clients", None) is None
        assert warehouse.columns('"scores"."orders"') == {"id": "INTEGER", "channel": "VARCHAR"}


@pytest.mark.usefixtures("file")
def test_why_a_query_can_not_be_run_is_told_without_running_it() -> None:
    with read_warehouse("demo") as warehouse:
        assert warehouse.why_not("select error('it ran') from scores.orders") is None
        said = warehouse.why_not("select nosuch\nfrom scores.orders")
    assert said is not None
    assert said.startswith('Binder Error: Referenced column "nosuch" not found')
    assert "LINE" not in said


@pytest.mark.usefixtures("file")
@pytest.mark.parametrize(
    "sql", ["drop table scores.orders", "copy scores.orders to 'x.csv'", "from 'x.csv'"]
)
def test_nothing_is_written_nor_any_other_file_read(sql: str) -> None:
    with pytest.raises(UserError, match="can't be read"), read_warehouse("demo") as warehouse:
        warehouse.rows(sql)


def test_a_file_in_use_names_its_holder(file: Path) -> None:
    hold = f"import duckdb; c = duckdb.connect({str(file)!r}); print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(UserError) as raised, read_warehouse("demo"):
            pass
        holder.communicate("\n")
    said = f"{file} is in use by process {holder.pid}, such as a build: wait, then try again."
    assert str(raised.value) == said


def test_what_is_not_there_or_not_duckdbs_is_one_line(file: Path) -> None:
    with (
        pytest.raises(UserError, match="Nothing is built for retail yet"),
        read_warehouse("retail"),
    ):
        pass
    with pytest.raises(UserError, match="Unknown target 'x'"), read_warehouse("x"):
        pass
    file.write_text("not a database " * 1000)
    with pytest.raises(UserError, match=r"demo\.duckdb can't be opened: "), read_warehouse("demo"):
        pass


def test_tables_of_one_name_are_taken_from_the_models_layer() -> None:
    session = duckdb.connect()
    for schema in ("a", "z"):
        session.execute(f"create schema {schema}")
        session.execute(f"create table {schema}.orders as select 1 as id")
    assert BuiltTables(session).find("orders", "z") == '"z"."orders"'
    assert BuiltTables(session).find("orders", None) == '"a"."orders"'
