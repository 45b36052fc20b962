"""`regulars expectations docs`: pages from stored results, read without a network."""

import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import duckdb
import pyarrow as pa
import pytest

from regulars.engines.duckdb import DuckDBEngine
from regulars.gates.check import check_tables
from regulars.gates.results import RESULT_SCHEMA
from tests.unit.gates.conftest import Check, Run
from tests.unit.gates.projects import RUNS, TinyProject, expect

BETWEEN = "expect_column_values_to_be_between"
TABLE = """
select 'o' || i as order_id, i as amount, 'ana' || i || '@mail.example' as email
from range(100) as r(i)
"""
SUITE = [
    expect("expect_table_row_count_to_be_between", min_value=1),
    expect(BETWEEN, column="amount", max_value=49),
    expect(BETWEEN, "warning", column="amount", max_value=9) | {"description": "Few & <small>"},
    expect("expect_column_values_to_be_in_set", "info", column="email", value_set=["<b>x</b>"]),
    expect("expect_column_values_to_match_regex", "warning", column="email", regex="(?<!x)@"),
    expect("expect_column_most_common_value_to_be_in_set", column="email", value_set=["x"]),
    expect(
        "expect_column_quantile_values_to_be_between",
        column="amount",
        quantile_ranges={"quantiles": [0.5], "value_ranges": [[0, 90]]},
    ),
]


def keep(project: TinyProject, rows: list[dict[str, Any]], run_id: str, at: str) -> None:
    """Adds a gate's rows to the journal, as its hook does."""
    with duckdb.connect(str(project.warehouse)) as con:
        con.execute(RUNS)
        con.register("found", pa.Table.from_pylist(rows, schema=RESULT_SCHEMA))
        select = (
            f"select * replace ('{run_id}' as run_id), timestamp '{at}' as checked_at from found"
        )
        con.execute(f"create table if not exists journal.expectation_results as {select} limit 0")
        con.execute(f"insert into journal.expectation_results {select}")


@pytest.fixture(scope="module")
def found(gx: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What the gate found in a green run and in a red one."""
    folder = tmp_path_factory.mktemp("found")
    project = TinyProject(folder / "project", folder / "home")
    project.begin()
    session = duckdb.connect()
    session.execute("set variable run_id = 'run 1'").fetchall()
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGULARS_PROJECT", str(project.root))
        for name, suite in {"green": SUITE[:1], "red": SUITE}.items():
            project.suite("orders", *suite, meta={"keys": ["order_id"]})
            tables = {"orders": session.sql(TABLE)}
            found[name] = check_tables(DuckDBEngine(session), "scores", tables).to_pylist()
    return found


@pytest.fixture
def red(project: TinyProject, found: dict[str, list[dict[str, Any]]]) -> TinyProject:
    """A project whose last run was red, after one that was green."""
    keep(project, found["green"], "green-run", "2026-11-20 06:00")
    keep(project, found["red"], "red-run", "2026-11-21 06:00")
    project.change("insert into journal.runs values ('red-run', 'demo', 'red', '2026-11-21 05:00')")
    return project


def pages(folder: Path) -> dict[str, str]:
    """The pages of a folder, by name."""
    return {file.relative_to(folder).parts[-1]: file.read_text() for file in folder.rglob("*.html")}


def text_of(page: str) -> str:
    """What a page shows, in one line."""
    body = page.partition("</style>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_the_pages_of_the_last_run_are_written(red: TinyProject, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    assert run("docs", "--folder", str(folder)) == (
        0,
        ["Run red-run: 7 expectations, 5 not met.", f"Open {folder / 'index.html'}"],
        [],
    )
    index, suite = pages(folder)["index.html"], pages(folder)["scores.html"]
    assert "2 of 7 expectations met · outcome of the run: red" in text_of(index)
    assert "inputs not reached" in text_of(index)
    assert "scores 2 of 7 met 2 critical 2 warning 1 info" in text_of(index)
    not_met = text_of(index).partition("Not met ")[2].partition("Suites")[0]
    assert re.findall(r"\b(critical|warning|info)\b", not_met) == [
        "critical", "critical", "warning", "warning", "info"]  # fmt: skip
    assert "orders amount Values must be less than or equal to 49 ." in not_met
    assert "50 of 100 rows fail (50%)" in not_met
    assert "critical amount expect_column_values_to_be_between expected at most 49 found" in (
        text_of(suite)
    )
    assert "Rows that fail, for example order_id o50 o51 o52 o53 o54" in text_of(suite)
    assert "could not be checked: Regex is not supported for dialect duckdb" in text_of(suite)
    assert "not shown: values of email" in text_of(suite)
    assert "expected 50%: 0 to 90" not in text_of(suite)
    assert "Quantiles must be within the following value ranges." in text_of(suite)


def test_what_a_suite_says_is_text_not_markup(red: TinyProject, run: Run, tmp_path: Path) -> None:
    run("docs", "--folder", str(tmp_path / "site"))
    for page in pages(tmp_path / "site").values():
        assert "Few &amp; &lt;small&gt;" in page
        assert "<b>x</b>" not in page
        assert "&lt;b&gt;x&lt;/b&gt;" in page
        assert "(?&lt;!x)@" in page
        assert "&lt;span" not in page


def test_nothing_is_loaded_from_anywhere(red: TinyProject, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    run("docs", "--folder", str(folder))
    for file in folder.rglob("*.html"):
        page = file.read_text()
        assert not re.search(r"<(script|iframe|img|object|embed)\b", page)
        assert not re.search(r"url\(|@import|https?:|//cdn", page)
        assert re.findall(r"<link [^>]*>", page) == ['<link rel="icon" href="data:,">']
        links = re.findall(r'href="([^"]+)"', page)
        for link in links:
            if not link.startswith("data:"):
                assert (file.parent / unquote(urlsplit(link).path)).resolve().is_file(), link
    assert {file.suffix for file in folder.rglob("*") if file.is_file()} == {".html"}


def test_no_row_is_shown(red: TinyProject, run: Run, tmp_path: Path) -> None:
    run("docs", "--folder", str(tmp_path / "site"))
    assert "@mail.example" not in str(pages(tmp_path / "site"))


def test_a_green_run_is_shown_when_named(red: TinyProject, run: Run, tmp_path: Path) -> None:
    code, out, _ = run("docs", "--run", "green", "--folder", str(tmp_path / "site"))
    assert (code, out[0]) == (0, "Run green-run: 1 expectation, 0 not met.")
    index = text_of(pages(tmp_path / "site")["index.html"])
    assert "all met" in index
    assert "Not met" not in index
    assert "outcome" not in index


def test_a_suite_that_could_not_be_checked_has_a_page_too(
    project: TinyProject, check: Check, run: Run, tmp_path: Path
) -> None:
    project.write("expectations/orders.json", '{"name": "orders",\n "expectations": [,]}')
    keep(project, check(sql=TABLE), "r", "2026-11-21 06:00")
    assert run("docs", "--folder", str(tmp_path / "site"))[0] == 0
    for page in pages(tmp_path / "site").values():
        assert "Suite can be checked" in text_of(page)
        assert "expectations/orders.json:2: Expecting value." in text_of(page)


def test_an_older_site_is_replaced_and_the_default_is_in_target(red: TinyProject, run: Run) -> None:
    _, out, _ = run("docs", "--run", "green-run")
    folder = red.root / "target" / "data_docs"
    assert out[1] == f"Open {folder / 'index.html'}"
    run("docs")
    assert len(list(folder.rglob("scores.html"))) == 1
    assert "red-run" in (folder / "index.html").read_text()


def test_a_folder_with_something_else_is_left_alone(
    red: TinyProject, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("my page")
    said = f"Error: {tmp_path / 'mine'} holds something else: name another --folder."
    assert run("docs", "--folder", str(tmp_path / "mine")) == (2, [], [said])
    assert (tmp_path / "mine" / "index.html").read_text() == "my page"
    code, _, (said,) = run("docs", "--folder", str(tmp_path / "mine" / "index.html"))
    assert (code, said) == (
        2, f"Error: {tmp_path / 'mine' / 'index.html'} is a file: name a folder.")  # fmt: skip


def test_a_file_that_was_put_beside_the_pages_is_not_lost(
    red: TinyProject, run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    assert run("docs", "--folder", str(folder))[0] == 0
    assert run("docs", "--folder", str(folder))[0] == 0
    (folder / "notes.pdf").write_text("mine")
    said = f"Error: {folder} holds something else: name another --folder."
    assert run("docs", "--folder", str(folder)) == (2, [], [said])
    assert (folder / "notes.pdf").read_text() == "mine"


def test_an_empty_folder_will_do(red: TinyProject, run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("docs", "--folder", str(tmp_path / "empty"))[0] == 0


def test_a_folder_that_can_not_be_made_is_one_line(
    red: TinyProject, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    code, _, said = run("docs", "--folder", str(tmp_path / "file" / "site"))
    assert (code, len(said)) == (2, 1)
    assert said[0].startswith(f"Error: {tmp_path / 'file' / 'site'} can't be written")


def test_no_results_are_one_line(built: TinyProject, run: Run) -> None:
    assert run("docs") == (
        2, [], ["Error: No gate has checked anything yet: regulars build first."])  # fmt: skip


@pytest.mark.parametrize("command", [(), ("check",), ("new",), ("docs",)])
def test_help_is_there(run: Run, command: tuple[str, ...]) -> None:
    code, out, err = run(*command, "--help")
    assert (code, err) == (0, [])
    assert ("Example:" in "\n".join(out)) is bool(command)
