"""`regulars demo` writes the raw tables, all or none, and says in one line what is wrong."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from regulars.cli import main
from regulars.demo.writing import MADE_UP
from regulars.project import warehouse_file


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path))


def run(*arguments: str) -> int:
    """The exit code of `regulars demo …`."""
    with pytest.raises(SystemExit) as stop:
        main(["demo", *arguments])
    return int(stop.value.code or 0)


def rows() -> dict[str, int]:
    """How many rows each raw table of the demo has, in the order of their names."""
    with duckdb.connect(str(warehouse_file("demo")), read_only=True) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            f" where starts_with(schema_name, 'raw_') and comment = '{MADE_UP}' order by 1"
        ).fetchall()
        return {
            name: connection.execute(f"select count(*) from {name}").fetchall()[0][0]
            for (name,) in names
        }


def test_writes_the_tables_and_says_what_is_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--customers", "60", "--years", "1") == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.splitlines()[-1] == "Next: dbt build"
    told = [tuple(line.split()) for line in said.out.splitlines()[:-2]]
    assert told == [(name, f"{count:,}") for name, count in rows().items()]
    assert len(told) == 20


def test_replaces_its_own_tables_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--customers", "200", "--years", "1") == 0
    with duckdb.connect(str(warehouse_file("demo"))) as connection:
        connection.execute("create table raw_shop.mine as select 1 as kept")
    before = rows()
    assert run("--customers", "100", "--years", "1") == 0
    assert rows()["raw_crm.profiles"] < before["raw_crm.profiles"]
    with duckdb.connect(str(warehouse_file("demo"))) as connection:
        assert connection.execute("select kept from raw_shop.mine").fetchall() == [(1,)]


def test_what_was_built_of_an_earlier_world_goes_with_it() -> None:
    """Its scores and volumes mean nothing in another world, and gates would compare with them."""
    assert run("--customers", "60", "--years", "1") == 0
    built = "create schema scores; create table scores.customer_score_history as select 1 as one"
    with duckdb.connect(str(warehouse_file("demo"))) as connection:
        connection.execute(built)
    assert run("--customers", "70", "--years", "1") == 0
    with duckdb.connect(str(warehouse_file("demo"))) as connection:
        schemas = connection.execute("select distinct schema_name from duckdb_tables()").fetchall()
        assert ("scores",) not in schemas
        # beside somebody's own raw tables it stays
        connection.execute(built + "; create schema raw_own; create table raw_own.t as select 1")
    assert run("--customers", "60", "--years", "1") == 0
    with duckdb.connect(str(warehouse_file("demo"))) as connection:
        assert connection.execute("select * from scores.customer_score_history").fetchall() == [
            (1,)
        ]


def test_another_target_is_named_in_what_is_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--customers", "50", "--years", "1", "--target", "prod") == 0
    assert capsys.readouterr().out.endswith("Next: regulars build --target prod\n")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--customers", "49"], "--customers"),
        (["--customers", "2000001"], "--customers"),
        (["--customers", "many"], "--customers"),
        (["--years", "0"], "--years"),
        (["--years", "11"], "--years"),
        (["--seed", "-1"], "--seed"),
        (["--dirt", "some"], "--dirt"),
        (["--business", "bank"], "--business"),
        (["advance", "--days", "0"], "--days"),
        (["--target", "nowhere"], "nowhere"),
    ],
)
def test_a_bad_option_is_one_line(
    arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert word in said.err
    assert said.err.count("\n") == 1


def test_a_file_in_use_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    file = warehouse_file("demo")
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert run("--customers", "50") == 2
        other.communicate("\n")
    said = capsys.readouterr().err
    assert f"{file} is in use by process" in said
    assert said.count("\n") == 1


def test_somebodys_own_tables_stay(capsys: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect(str(warehouse_file("demo"))) as connection:
        connection.execute("create schema raw_shop; create table raw_shop.orders as select 1 as x")
    assert run("--customers", "50") == 2
    assert "raw_shop.orders" in capsys.readouterr().err
    with duckdb.connect(str(warehouse_file("demo"))) as connection:
        assert connection.execute("from raw_shop.orders").fetchall() == [(1,)]


def test_a_file_of_another_kind_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    warehouse_file("demo").write_text("not a database " * 1000)
    assert run("--customers", "50") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_world_that_breaks_off_leaves_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("--customers", "60", "--years", "1") == 0
    before = rows()

    def broken(*_: object) -> None:
        raise RuntimeError("halfway")

    monkeypatch.setattr("regulars.demo.world.store", broken)
    assert run("--customers", "90", "--years", "1") == 2
    assert rows() == before


def test_the_clock_advances_by_days(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--customers", "300", "--years", "1") == 0
    first = rows()
    capsys.readouterr()
    assert run("advance", "--days", "2") == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == "The last whole day is now 2026-07-02."
    then = rows()
    told = {line.split()[0]: line.split()[1] for line in said.out.splitlines()[:-1]}
    assert told == {name: f"{then[name] - first[name]:,}" for name in first}
    assert then["raw_web.hits"] > first["raw_web.hits"]
    assert run("advance") == 0
    with duckdb.connect(str(warehouse_file("demo")), read_only=True) as connection:
        last = "select max(loaded_at)::varchar from raw_web.hits"
        assert connection.execute(last).fetchall() == [("2026-07-04 10:00:00",)]


def test_there_are_days_to_come_for_a_year(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--customers", "50", "--years", "1") == 0
    assert run("advance", "--days", "366") == 2
    assert capsys.readouterr().err == (
        "Error: The world of demo has 365 days to come, not 366: make a new one with regulars"
        " demo, or advance by fewer days.\n"
    )


def test_without_a_world_no_day_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("advance") == 2
    said = capsys.readouterr().err
    assert said == "Error: There is no made-up world in demo: run regulars demo first.\n"
