"""`regulars expectations new`: from the last good run, and only from a good one."""

import json

import duckdb
import pytest

from tests.unit.gates.conftest import Check, Run
from tests.unit.gates.projects import ORDERS, TinyProject


@pytest.fixture
def good(built: TinyProject) -> TinyProject:
    """A project whose last run ended well, and without a suite."""
    built.ended("published")
    (built.root / "expectations" / "orders.json").unlink()
    return built


def test_a_suite_is_drafted_and_can_be_read(good: TinyProject, run: Run) -> None:
    file = good.root / "expectations" / "orders.json"
    code, out, err = run("new", "orders")
    assert (code, err) == (0, [])
    suite = good.read_suite("orders")
    count = len(suite["expectations"])
    assert out == [
        f"{file}: {count} expectations, drafted from the run of 2026-11-21 06:00 UTC."
        " Read them before you trust them."
    ]
    assert suite["meta"] == {"keys": ["order_id"]}
    assert "@mail.example" not in file.read_text()


def test_the_draft_passes_the_check_and_the_gate(good: TinyProject, run: Run, check: Check) -> None:
    run("new", "orders")
    code, _, err = run("check")
    assert (code, err) == (0, [])
    with duckdb.connect(str(good.warehouse), read_only=True) as con:
        con.sql("from scores.orders").write_parquet(str(good.home / "orders.parquet"))
    found = check(sql=f"from '{good.home / 'orders.parquet'}'")
    assert len(found) == len(good.read_suite("orders")["expectations"])
    assert all(row["is_met"] for row in found)


def test_drafting_twice_gives_the_same_bytes(good: TinyProject, run: Run) -> None:
    file = good.root / "expectations" / "orders.json"
    run("new", "orders")
    once = file.read_bytes()
    good.change(ORDERS + " order by hash(i)")
    assert run("new", "--force", "orders")[0] == 0
    assert file.read_bytes() == once


def test_a_suite_that_is_there_is_not_written_over(built: TinyProject, run: Run) -> None:
    built.ended()
    before = built.read_suite("orders")
    assert run("new", "orders") == (2, [], [
        "Error: expectations/orders.json is there already: regulars expectations new --force"
        " orders replaces it."
    ])  # fmt: skip
    assert built.read_suite("orders") == before


def test_what_to_add_to_which_gate_is_told(good: TinyProject, run: Run) -> None:
    good.change(
        "create table scores.lines as select 1 as order_id, i as line_id from range(9) r(i)"
    )
    _, out, _ = run("new", "lines")
    assert out[1] == (
        'No gate reads it yet: add the line "lines": dbt.ref("lines"), to'
        " python_models/scores/check_scores.py, then build."
    )
    assert good.read_suite("lines")["meta"] == {"keys": ["order_id", "line_id"]}


@pytest.mark.parametrize("outcome", ["red", "running", "interrupted"])
def test_a_run_that_did_not_end_well_is_no_example(
    good: TinyProject, run: Run, outcome: str
) -> None:
    good.ended(outcome, at="2026-11-22 06:00", run_id="r2")
    code, out, (said,) = run("new", "orders")
    assert (code, out) == (2, [])
    assert said.startswith(f"Error: The last run of demo is {outcome}, ")
    assert not (good.root / "expectations" / "orders.json").exists()


def test_an_older_red_run_does_not_matter(good: TinyProject, run: Run) -> None:
    good.ended("red", at="2026-11-20 06:00", run_id="r0")
    good.change("insert into journal.runs values ('x', 'other', 'red', '2026-11-23')")
    assert run("new", "orders")[0] == 0


def test_runs_that_are_not_known_are_no_good_runs(built: TinyProject, run: Run) -> None:
    said = (2, [], ["Error: No run of demo is known yet: regulars build first."])
    assert run("new", "--force", "orders") == said
    built.change("create schema monitoring", "create table monitoring.runs as select 1 as run_id")
    assert run("new", "--force", "orders") == said


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("order", 'Error: There is no model order (did you mean "orders"?).'),
        ("../orders", 'Error: There is no model ../orders (did you mean "orders"?).'),
        ("lines", "Error: lines isn't built for demo yet: regulars build first."),
        ("publication", "Error: No gate can check publication: it is built behind the last gate."),
    ],
)
def test_what_can_have_no_suite_is_refused(
    good: TinyProject, run: Run, table: str, said: str
) -> None:
    good.write("models/publish/_p.yml", "models: [{name: publication}]")
    good.change("create schema publish", "create table publish.publication as select 1 as a")
    assert run("new", table) == (2, [], [said])


def test_nothing_built_is_one_line(project: TinyProject, run: Run) -> None:
    assert run("new", "orders") == (
        2, [], ["Error: Nothing is built for demo yet: run regulars build first."])  # fmt: skip


def test_the_first_suite_makes_the_folder(good: TinyProject, run: Run) -> None:
    (good.root / "expectations").rmdir()
    assert run("new", "orders")[0] == 0
    assert json.loads((good.root / "expectations" / "orders.json").read_text())["name"] == "orders"
