"""dbt's own messages, as it wrote them, in one line that a person can use."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from regulars.building.run import one_line, run_dbt
from regulars.errors import UserError

FRAMES = """\
Runtime Error in model score_churn (python_models/scores/score_churn.py)
  Python model failed:
  Traceback (most recent call last):
    File "/home/a/dbt/adapters/duckdb/environments/__init__.py", line 286, in run_python_job
      df = module.model(dbt, con)
           ^^^^^^^^^^^^^^^^^^^^^^
    File "/tmp/tmp888qa9qj.py", line 3, in model
      raise UserError("…")
"""

MESSAGES = {
    "a raise in a hook's macro": (
        "Compilation Error in model stg_shop__events (models/staging/shop/stg_shop__events.sql)\n"
        "  Raw table raw_shop.orders has no column total: load it.\n"
        "  \n"
        "  > in macro check_raw_table (macros/staging/check_source_columns.sql)\n"
        "  > called by macro check_source_columns (macros/staging/check_source_columns.sql)\n"
        "  > called by model stg_shop__events (models/staging/shop/stg_shop__events.sql)",
        "Raw table raw_shop.orders has no column total: load it.",
    ),
    "a column that isn't there": (
        "Runtime Error in model m (models/m.sql)\n"
        '  Binder Error: Referenced column "nosuch" not found in FROM clause!\n'
        '  Candidate bindings: "country", "customer_id"',
        'Binder Error: Referenced column "nosuch" not found in FROM clause!'
        ' Candidate bindings: "country", "customer_id"',
    ),
    "a syntax error, with the place underlined": (
        "Runtime Error in model m (models/m.sql)\n"
        '  Parser Error: syntax error at or near "frm"\n'
        "  \n"
        "  LINE 5:     select 1 as a frm x\n"
        "                            ^^^",
        'Parser Error: syntax error at or near "frm" LINE 5: select 1 as a frm x',
    ),
    "a database error": (
        "Database Error in model m (models/m.sql)\n"
        "  Division by zero\n"
        "  compiled code at target/run/regulars/models/m.sql",
        "Division by zero",
    ),
    "a test that found rows": (
        "Got 1 result, configured to fail if != 0",
        "Got 1 result, configured to fail if != 0",
    ),
    "an unknown ref": (
        "Compilation Error\n"
        "  Model 'model.regulars.m' (models/m.sql) depends on a node named 'x' which was not found",
        "Model 'model.regulars.m' (models/m.sql) depends on a node named 'x' which was not found",
    ),
    "an unknown target": (
        "Runtime Error\n"
        "  The profile 'regulars' does not have a target named 'x'. The valid target names are:\n"
        "   - demo\n"
        "   - retail",
        "The profile 'regulars' does not have a target named 'x'. The valid target names are:"
        " - demo - retail",
    ),
    "our own error in a Python model": (
        f"{FRAMES}  regulars.errors.UserError: The champion lacks x: run again.\n  ",
        "The champion lacks x: run again.",
    ),
    "our own error that quotes another": (
        f"{FRAMES}  regulars.errors.UserError: a.duckdb can't be read (IO Error: bad): move it.\n",
        "a.duckdb can't be read (IO Error: bad): move it.",
    ),
    "an error of several lines in a Python model": (
        f"{FRAMES}"
        '  _duckdb.BinderException: Binder Error: Referenced column "x" not found!\n'
        '  Candidate bindings: "is_touch"\n'
        "  ",
        'Binder Error: Referenced column "x" not found! Candidate bindings: "is_touch"',
    ),
    "an error with a cause": (
        f"{FRAMES}"
        "  KeyError: 'a'\n"
        "  \n"
        "  The above exception was the direct cause of the following exception:\n"
        "  \n"
        "  Traceback (most recent call last):\n"
        '    File "/tmp/tmp8.py", line 3, in model\n'
        "  ValueError: there is no a\n",
        "there is no a",
    ),
    "an error that says only a name": (f"{FRAMES}  KeyError: 'rounds'\n", "KeyError: 'rounds'"),
    "an error that says nothing": (f"{FRAMES}  AssertionError\n  ", "AssertionError"),
    "no message": ("", ""),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_one_line(case: str) -> None:
    message, line = MESSAGES[case]
    assert one_line(message) == line


def node(name: str, status: str, message: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(node=SimpleNamespace(name=name), status=status, message=message)


@pytest.fixture
def dbt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A dbt that does nothing, answers what it is told to and keeps what it was asked."""
    fake = SimpleNamespace(answer=None, asked=[], events=[])

    class Runner:
        def __init__(self, callbacks: list) -> None:
            self.callbacks = callbacks

        def invoke(self, arguments: list[str]) -> Any:
            fake.asked.append(arguments)
            for event in fake.events:
                self.callbacks[0](event)
            return fake.answer

    # importing the real one takes seconds
    monkeypatch.setitem(sys.modules, "dbt.cli.main", SimpleNamespace(dbtRunner=Runner))
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path))
    return fake


def test_an_outcome_counts_failures_and_what_was_skipped(dbt: Any) -> None:
    nodes = [
        node("stg", "success", "OK"),
        node("t_warn", "warn", "Got 2 results"),
        node("t_red", "fail", "Got 1 result"),
        node("m", "error", "Database Error in model m (m.sql)\n  Division by zero"),
        node("t_broken", "error"),
        node("next", "skipped"),
    ]
    dbt.answer = SimpleNamespace(exception=None, result=SimpleNamespace(results=nodes))
    outcome = run_dbt(["build"])
    assert outcome.nodes == 6
    assert outcome.failures == ["t_red: Got 1 result", "m: Division by zero", "t_broken: "]
    assert outcome.skipped == 1


def test_a_run_that_could_not_start_says_why_in_one_line(dbt: Any) -> None:
    dbt.answer = SimpleNamespace(exception=RuntimeError("Runtime Error\n  no\n  way"), result=None)
    with pytest.raises(UserError, match=r"^no way$"):
        run_dbt(["build"])


def test_progress_tells_each_node_and_of_how_many(dbt: Any) -> None:
    def event(name: str, **data: Any) -> SimpleNamespace:
        return SimpleNamespace(info=SimpleNamespace(name=name), data=SimpleNamespace(**data))

    dbt.answer = SimpleNamespace(exception=None, result=SimpleNamespace(results=[]))
    dbt.events = [
        event("ConcurrencyLine", node_count=2),
        event("NodeFinished", node_info=SimpleNamespace(node_name="a")),
        event("LogModelResult"),
        event("NodeFinished", node_info=SimpleNamespace(node_name="b")),
    ]
    heard: list[tuple] = []
    run_dbt(["build"], lambda *told: heard.append(told))
    assert heard == [("a", 1, 2), ("b", 2, 2)]


def test_dbt_gets_the_project_and_an_absolute_home(
    dbt: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REGULARS_HOME", "data")
    dbt.answer = SimpleNamespace(exception=None, result=SimpleNamespace(results=[]))
    run_dbt(["build", "--select", "customers"])
    (asked,) = dbt.asked
    assert asked[0] == "build"
    assert asked[-2:] == ["--select", "customers"]
    assert (Path(asked[asked.index("--project-dir") + 1]) / "dbt_project.yml").exists()
    assert os.environ["REGULARS_HOME"] == str(tmp_path / "data")
