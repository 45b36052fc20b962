"""`regulars publication`: what is published, and one line for what can't be read."""

import os
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
    publish(file, 1)
    return file


@pytest.fixture
def generations(file: Path) -> list[Path]:
    """Three publications, the first first, a month apart, all kept."""
    for run in (1, 2, 3):
        publish(file, run)
    return sorted((file.parent / "generations").glob("*.duckdb"))


def publish(file: Path, run: int) -> None:
    """Publishes 1,234 customers, in the run that is so called."""
    session = duckdb.connect()
    tables = {
        "customers": session.sql("select 'c' || range as customer_id from range(1234)"),
        "something_new": session.sql("select 1 as one"),
    }
    row = session.sql(f"select 'run-{run}' as run_id, date '2024-{run:02d}-28' as as_of_date")
    write_published_file(session, tables, row, file.parent, 3)


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
    assert lines[0] == "Published for demo: as of 2024-01-28, generation 1"
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
    assert sorted(path.name for path in published.parent.iterdir()) == [
        "generations",
        "regulars.duckdb",
    ]


def marked(run: Run) -> list[str]:
    """Per line of `list`, newest first: the mark, if it has one, and its generation."""
    code, out, err = run("list")
    assert (code, err) == (0, "")
    header, *lines = (" ".join(line.split()) for line in out.splitlines())
    assert header == "generation as of published at (UTC) run size"
    return [line.partition(" 2024-")[0] for line in lines]


def reads(file: Path) -> str:
    """The run that BI reads."""
    with duckdb.connect(str(file), read_only=True) as published:
        ((run_id,),) = published.execute("select run_id from publication").fetchall()
    return str(run_id)


def test_list_shows_each_generation_and_marks_the_current(
    run: Run, generations: list[Path]
) -> None:
    os.utime(generations[1], (1717200000, 1717200000))
    code, out, err = run("list")
    assert (code, err) == (0, "")
    size = f"{generations[1].stat().st_size / 1000:.1f} kB"
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[2] == f"2 2024-02-28 2024-06-01 00:00:00 run-2 {size}"
    assert marked(run) == ["● 3", "2", "1"]


def test_a_run_id_of_dbt_fits_in_the_list(run: Run, file: Path) -> None:
    session = duckdb.connect()
    run_id = "d0aadfe4-918e-47b2-a05e-0e48c3183c25"
    row = session.sql(f"select '{run_id}' as run_id, null::date as as_of_date")
    write_published_file(session, {}, row, file.parent, 3)
    _, out, _ = run("list")
    (line,) = (line for line in out.splitlines() if run_id in line)
    assert line.split()[:4] == ["●", "1", "no", "events"]


@pytest.mark.usefixtures("generations")
def test_rollback_gives_bi_a_kept_generation_until_the_next_one(run: Run, file: Path) -> None:
    for number, mark in [(1, ["3", "2", "● 1"]), (3, ["● 3", "2", "1"]), (2, ["3", "● 2", "1"])]:
        assert run("rollback", str(number)) == (
            0,
            f"BI now reads generation {number} (as of 2024-0{number}-28, run run-{number});"
            " the next green build publishes anew.\n",
            "",
        )
        assert reads(file) == f"run-{number}"
        assert marked(run) == mark
        assert f"generation {number}" in run("show")[1]
    publish(file, 4)
    assert reads(file) == "run-4"
    assert marked(run) == ["● 4", "3", "2"]


@pytest.mark.usefixtures("generations")
def test_rollback_to_what_bi_reads(run: Run, file: Path) -> None:
    before = file.stat()
    code, out, _ = run("rollback", "3")
    assert code == 0
    assert out.startswith("BI already reads generation 3 (")
    assert file.stat() == before


@pytest.mark.usefixtures("generations")
@pytest.mark.parametrize("number", ["7", "0"])
def test_rollback_to_a_generation_that_is_not_kept(run: Run, file: Path, number: str) -> None:
    said = refused(run("rollback", number))
    assert said == f"Error: Generation {number} isn't kept; these are: 1, 2, 3.\n"
    assert reads(file) == "run-3"


def test_rollback_to_a_file_that_does_not_open(
    run: Run, file: Path, generations: list[Path]
) -> None:
    before = file.read_bytes()
    generations[0].write_bytes(generations[0].read_bytes()[:20_000])
    assert f"{generations[0]} can't be read" in refused(run("rollback", "1"))
    generations[0].write_text("not a database")
    assert f"{generations[0]} can't be read" in refused(run("rollback", "1"))
    generations[0].unlink()
    with duckdb.connect(str(generations[0])) as other:
        other.execute("create table notes (note text)")
    assert f"{generations[0]} can't be read" in refused(run("rollback", "1"))
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "name",
    [
        "000009_2024-01-28_run-1.duckdb",
        "000001_2024-01-27_run-1.duckdb",
        "000001_2024-01-28_run-7.duckdb",
    ],
)
def test_rollback_to_a_file_under_another_name(
    run: Run, file: Path, generations: list[Path], name: str
) -> None:
    renamed = generations[0].rename(generations[0].with_name(name))
    number = str(int(name[:6]))
    assert refused(run("rollback", number)) == (
        f"Error: {renamed} isn't the publication that it is named for: delete it.\n"
    )
    assert reads(file) == "run-3"


def test_a_deleted_file_is_brought_back(run: Run, file: Path, generations: list[Path]) -> None:
    file.unlink()
    assert marked(run)[:3] == ["3", "2", "1"]
    assert "BI reads none of these: roll back to one, or build." in run("list")[1]
    assert run("rollback", "3")[0] == 0
    assert reads(file) == "run-3"


def test_list_and_rollback_when_nothing_is_kept(run: Run, file: Path) -> None:
    nothing = "No generation is kept for demo yet: run regulars build first."
    assert nothing in refused(run("list"))
    assert "Generation 1 isn't kept; these are: none." in refused(run("rollback", "1"))
    assert not file.parent.exists()


@pytest.mark.parametrize("arguments", [("list",), ("rollback", "1")])
def test_an_unknown_target_of_list_and_rollback(run: Run, arguments: tuple[str, ...]) -> None:
    assert "Unknown target 'nowhere'" in refused(run(*arguments, "--target", "nowhere"))
