"""`regulars publication`: what is published, and one line for what can't be read."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from regulars.cli import main
from regulars.engines.duckdb_file import write_published_file

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the demo's publication would be."""
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path))
    return tmp_path / "published" / "demo" / "regulars.duckdb"


@pytest.fixture
def published(file: Path) -> Path:
    """A small publication."""
    session = duckdb.connect()
    tables = {
        "customers": session.sql("select 'c' || range as customer_id from range(1234)"),
        "something_new": session.sql("select 1 as one"),
    }
    row = session.sql("select 'run 1' as run_id, date '2024-05-31' as as_of_date")
    write_published_file(session, tables, row, file)
    return file


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `regulars publication …`: exit code, stdout, stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["publication", *arguments])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def refused(answer: tuple[int, str, str]) -> str:
    """The one line of a command that could not do its work."""
    code, out, err = answer
    assert code == 2
    assert out == ""
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
    return err


def test_show_lists_the_tables_and_where_they_are(run: Run, published: Path) -> None:
    code, out, err = run("show")
    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == "Published for demo: as of 2024-05-31, generation 1"
    assert "customers 1,234 one row per customer: RFM scores and segment" in lines
    assert "something_new 1" in lines
    assert f"Read them from {published}" in lines


def test_query_prints_the_answer(run: Run, published: Path) -> None:
    code, out, err = run("query", "select count(*) * 10 as tenfold from customers")
    assert (code, err) == (0, "")
    assert "tenfold" in out
    assert "12340" in out


@pytest.mark.parametrize("arguments", [("show",), ("query", "select 1")])
def test_nothing_published_yet(run: Run, arguments: tuple[str, ...]) -> None:
    assert "Nothing is published for demo yet: run regulars build first." in refused(
        run(*arguments)
    )


@pytest.mark.parametrize("arguments", [("show",), ("query", "select 1")])
def test_an_unknown_target(run: Run, arguments: tuple[str, ...]) -> None:
    assert "Unknown target 'nowhere'" in refused(run(*arguments, "--target", "nowhere"))


@pytest.mark.parametrize("arguments", [("show",), ("query", "select * from customers")])
def test_a_damaged_file(run: Run, published: Path, arguments: tuple[str, ...]) -> None:
    published.write_bytes(published.read_bytes()[:20_000])
    assert f"{published} can't be read" in refused(run(*arguments))
    published.write_text("not a database")
    assert f"{published} can't be read" in refused(run(*arguments))


def test_a_file_of_something_else(run: Run, file: Path) -> None:
    file.parent.mkdir(parents=True)
    with duckdb.connect(str(file)) as other:
        other.execute("create table notes (note text)")
    assert f"{file} can't be read" in refused(run("show"))


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select frm customers", "frm"),
        ("select * from nosuch", "nosuch"),
        ("select customer_id::integer from customers", "Conversion Error"),
        ("select * from published", "published"),  # a variable of the command, not a table
        ("", "returns nothing"),
    ],
)
def test_a_query_that_does_not_work(run: Run, published: Path, sql: str, said: str) -> None:
    assert said in refused(run("query", sql))


@pytest.mark.parametrize(
    "sql",
    [
        "drop table customers",
        "delete from customers",
        "copy customers to '{folder}/copy.csv'",
        "attach '{folder}/other.duckdb'",
    ],
)
def test_a_query_changes_nothing_and_writes_nothing(run: Run, published: Path, sql: str) -> None:
    before = published.read_bytes()
    refused(run("query", sql.format(folder=published.parent)))
    assert published.read_bytes() == before
    assert [path.name for path in published.parent.iterdir()] == ["regulars.duckdb"]
