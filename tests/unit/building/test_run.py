"""What dbt is asked for, and what comes of it."""

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest

from regulars.building.run import Failure, Node, Project
from regulars.errors import UserError

STAGING = "model.regulars.stg_shop__events"
TEST = "test.regulars.not_null_stg_shop__events_event_id"


def of_dbt(name: str, kind: str, path: str, materialized: str = "table", **more: Any) -> Any:
    """A node as dbt's manifest has it."""
    return SimpleNamespace(
        name=name,
        resource_type=kind,
        original_file_path=path,
        schema=path.split("/")[1],
        alias=name,
        config=SimpleNamespace(materialized=materialized),
        depends_on=SimpleNamespace(nodes=more.pop("reads", [])),
        **more,
    )


MANIFEST = SimpleNamespace(
    nodes={
        STAGING: of_dbt(
            "stg_shop__events",
            "model",
            "models/staging/shop/stg_shop__events.sql",
            "view",
            reads=["source.regulars.shop.orders", "model.regulars.other"],
        ),
        "model.regulars.train_churn": of_dbt(
            "train_churn", "model", "python_models/training/train_churn.py"
        ),
        "seed.regulars.event_types": SimpleNamespace(
            name="event_types",
            resource_type="seed",
            original_file_path="seeds/event_types.csv",
            schema="seeds",
            alias="event_types",
            config=SimpleNamespace(materialized="seed"),
            depends_on=SimpleNamespace(macros=[]),
        ),
        TEST: of_dbt(
            "not_null_stg_shop__events_event_id",
            "test",
            "models/staging/shop/_shop__models.yml",
            attached_node=STAGING,
        ),
    },
    sources={
        "source.regulars.shop.orders": SimpleNamespace(schema="raw_shop", identifier="orders")
    },
    unit_tests={
        "unit_test.regulars.a.b": of_dbt(
            "b", "unit_test", "models/inputs/_inputs__unit_tests.yml", model="input_events"
        )
    },
)

A_NODE = Node("a", "staging", "a", None, frozenset())


def an_option(names: list[str]) -> click.Option:
    return click.Option(names, type=click.Path(path_type=Path) if names == ["--state"] else None)


@pytest.fixture
def dbt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A dbt that does nothing: it answers what it is told to and keeps what it was asked."""
    fake = SimpleNamespace(answers={}, asked=[], options=[], events=[], manifests=[])
    shared = [["--target"], ["--vars"], ["--project-dir"], ["--profiles-dir"], ["--threads"]]
    takes = {
        "build": [*shared, ["--select"], ["--state"]],
        "ls": [*shared, ["--select"], ["--output"]],
        "parse": shared,
        "run-operation": [*shared, ["--args"]],
    }
    cli = click.Group(
        commands={
            name: click.Command(name, params=[an_option(o) for o in options])
            for name, options in takes.items()
        }
    )

    class Runner:
        def __init__(self, manifest: Any, callbacks: list) -> None:
            self.callbacks = callbacks
            fake.manifests.append(manifest)

        def invoke(self, arguments: list[str], **options: Any) -> Any:
            os.chdir("/")  # as dbt goes to the project
            fake.asked.append(arguments)
            fake.options.append(options)
            for event in fake.events:
                for hear in self.callbacks:
                    hear(event)
            good = SimpleNamespace(success=True, exception=None, result=None)
            return fake.answers.get(arguments[0], good)

    # importing the real one takes seconds
    monkeypatch.setitem(sys.modules, "dbt.cli.main", SimpleNamespace(dbtRunner=Runner, cli=cli))
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path))
    fake.answers["parse"] = answer(result=MANIFEST)
    return fake


def answer(result: Any = None, exception: BaseException | None = None, success: bool = True) -> Any:
    return SimpleNamespace(result=result, exception=exception, success=success)


def event(name: str, unique_id: str = "", status: str = "", **data: Any) -> Any:
    node = SimpleNamespace(unique_id=unique_id, node_status=status)
    return SimpleNamespace(
        info=SimpleNamespace(name=name, invocation_id="this-run"),
        data=SimpleNamespace(node_info=node, **data),
    )


def result(name: str, status: str, message: str | None = None, kind: str = "model") -> Any:
    node = SimpleNamespace(name=name, unique_id=f"{kind}.{name}", resource_type=kind)
    return SimpleNamespace(node=node, status=status, message=message)


def project(*dbt_arguments: str) -> Project:
    """The project, read."""
    made = Project("demo", "{}", dbt_arguments)
    made.read()
    return made


class Watched:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple] = []

    def plan(self, nodes: int) -> None:
        self.told.append(("plan", nodes))

    def start(self, unique_id: str, node: Node) -> None:
        self.told.append(("start", node.label))

    def finish(self, unique_id: str) -> None:
        self.told.append(("finish", unique_id))


def test_each_command_gets_the_project_and_those_options_that_it_takes(
    dbt: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REGULARS_HOME", "data")
    dbt.answers["ls"] = answer(result=[])
    made = Project("retail", "retrain: true", ["--select", "customers+", "--threads", "1"])
    made.read()
    made.selected()
    made.build([], Watched())
    assert [asked[0] for asked in dbt.asked] == ["parse", "ls", "build"]
    for asked in dbt.asked:
        assert (Path(asked[asked.index("--project-dir") + 1]) / "dbt_project.yml").exists()
        assert asked[asked.index("--target") + 1] == "retail"
        assert asked[asked.index("--vars") + 1] == "retrain: true"
    assert dbt.options == [
        {"log_level": "none", "threads": "1"},
        {
            "log_level": "none",
            "threads": "1",
            "select": "customers+",
            "output": "json",
            "output_keys": ["unique_id"],
        },
        {"log_level": "none", "threads": "1", "select": "customers+"},
    ]
    assert os.environ["REGULARS_HOME"] == str(tmp_path / "data")


def test_folders_are_those_of_where_one_works(
    dbt: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "last").mkdir()
    project("--state", "last").build([], Watched())
    assert dbt.options[-1]["state"] == tmp_path / "last"
    assert Path.cwd() == tmp_path
    project("--state", "of the project").build([], Watched())
    assert dbt.options[-1]["state"] == Path("of the project")


def test_the_project_is_parsed_once(dbt: Any) -> None:
    made = project()
    made.source_problems(["stg_shop__events"])
    made.build([], Watched())
    assert dbt.manifests == [None, MANIFEST, MANIFEST]


@pytest.mark.parametrize("wrong", [["--nonsense"], ["--select"], ["stray"]])
def test_what_dbt_build_does_not_take_is_refused_before_it_reads_anything(
    dbt: Any, wrong: list[str]
) -> None:
    with pytest.raises(UserError, match=r"^dbt build: "):
        Project("demo", "{}", wrong)
    assert dbt.asked == []


def test_selected_nodes_tell_their_layer_their_table_and_their_raw_tables(dbt: Any) -> None:
    ids = [*MANIFEST.nodes, "source.regulars.shop.orders", "exposure.regulars.bi"]
    ids.append("unit_test.regulars.a.b")
    dbt.answers["ls"] = answer(result=[json.dumps({"unique_id": one}) for one in ids])
    staging, training, seed, test, unit_test = project().selected()
    assert (staging.layer, staging.label) == ("staging", "stg_shop__events")
    assert staging.raw_tables == {("raw_shop", "orders")}
    assert staging.table is None
    assert (training.layer, training.table) == ("training", ("training", "train_churn"))
    assert (seed.layer, seed.table) == ("seeds", ("seeds", "event_types"))
    assert (test.layer, test.label) == ("staging", "testing stg_shop__events")
    assert test.table is None
    assert (unit_test.layer, unit_test.label) == ("inputs", "testing input_events")


def test_problems_of_raw_tables_are_what_the_macro_logs(dbt: Any) -> None:
    made = project()
    dbt.events = [
        event("MainReportVersion"),
        event("JinjaLogInfo", msg="Raw table a.b does not exist."),
        event("JinjaLogInfo", msg="Raw table a.c has no column d."),
        event("RunningOperationCaughtError", exc="Compilation Error\n  Problems: 2"),
    ]
    dbt.answers["run-operation"] = answer(success=False)
    assert made.source_problems(["m2", "m1"]) == [
        "Raw table a.b does not exist.",
        "Raw table a.c has no column d.",
    ]
    asked = dbt.asked[-1]
    assert json.loads(asked[asked.index("--args") + 1]) == {"models": ["m1", "m2"]}


def test_a_warehouse_that_cannot_be_asked_is_not_taken_for_a_good_one(dbt: Any) -> None:
    made = project()
    dbt.events = [event("RunningOperationCaughtError", exc="Runtime Error\n  IO Error: no")]
    dbt.answers["run-operation"] = answer(success=False)
    with pytest.raises(UserError, match=r"^IO Error: no$"):
        made.source_problems(["m"])


def test_an_outcome_counts_failures_and_what_was_skipped(dbt: Any) -> None:
    results = [
        result("stg", "success", "OK"),
        result("t_warn", "warn", "Got 2 results", "test"),
        result("t_red", "fail", "Got 1 result", "test"),
        result("m", "error", "Database Error in model m (m.sql)\n  Division by zero"),
        result("t_broken", "error", kind="test"),
        result("next", "skipped"),
        result("next", "skipped"),
        result("regulars-on-run-end-0", "success", kind="operation"),
    ]
    made = project()
    dbt.answers["build"] = answer(result=SimpleNamespace(results=results), success=False)
    dbt.events = [event("ConcurrencyLine", node_count=6)]
    outcome = made.build([A_NODE] * 7, Watched())
    assert (outcome.nodes, outcome.planned, outcome.skipped) == (6, 7, 1)
    assert outcome.failures == [
        Failure("t_red", "Got 1 result"),
        Failure("m", "Division by zero"),
        Failure("t_broken", ""),
    ]
    assert outcome.run_id == "this-run"
    assert not outcome.is_green
    assert not outcome.is_published


def test_publishing_is_known_whatever_else_failed(dbt: Any) -> None:
    made = project()
    results = [result("publish", "success"), result("t", "fail", "no", "test")]
    dbt.answers["build"] = answer(result=SimpleNamespace(results=results), success=False)
    outcome = made.build([], Watched())
    assert outcome.is_published
    assert not outcome.is_green


def test_a_run_that_could_not_start_says_why_in_one_line(dbt: Any) -> None:
    made = project()
    dbt.answers["build"] = answer(exception=RuntimeError("Runtime Error\n  no\n  way"))
    with pytest.raises(UserError, match=r"^no way$"):
        made.build([], Watched())
    dbt.answers["parse"] = answer(exception=RuntimeError("Compilation Error\n  no such macro"))
    with pytest.raises(UserError, match=r"^no such macro$"):
        made.read()


def test_a_run_that_is_stopped_midway_is_no_run_that_could_not_start(dbt: Any) -> None:
    made = project()
    dbt.answers["build"] = answer(exception=KeyboardInterrupt())
    dbt.events = [event("ConcurrencyLine", node_count=9)]
    with pytest.raises(KeyboardInterrupt):
        made.build([], Watched())
    dbt.events.append(event("NodeFinished", STAGING, "success"))
    outcome = made.build([A_NODE] * 9, Watched())
    assert (outcome.nodes, outcome.planned) == (1, 9)
    assert outcome.is_interrupted
    assert not outcome.is_green

    dbt.answers["build"] = answer(exception=RuntimeError("it broke"))
    outcome = made.build([], Watched())
    assert outcome.failures == [Failure("dbt", "it broke")]
    assert not outcome.is_interrupted


def test_progress_tells_each_node_and_of_how_many(dbt: Any) -> None:
    made = project()
    dbt.events = [
        event("ConcurrencyLine", node_count=2),
        event("NodeStart", "model.regulars.skipped"),
        event("NodeCompiling", STAGING),
        event("LogModelResult"),
        event("NodeFinished", STAGING, "success"),
        event("NodeCompiling", TEST),
        event("NodeCompiling", "operation.regulars.regulars-on-run-end-0"),
    ]
    watched = Watched()
    made.build([A_NODE, A_NODE], watched)
    assert watched.told == [
        ("plan", 2),
        ("start", "stg_shop__events"),
        ("finish", STAGING),
        ("start", "testing stg_shop__events"),
        ("start", "regulars-on-run-end-0"),
    ]


def test_other_vars_and_options_need_no_second_reading(dbt: Any) -> None:
    first = project()
    other = first.with_other("{as_of_date: 2026-03-31}", ["--select", "staging"])
    dbt.answers["ls"] = answer(result=[])
    assert other.selected() == []
    assert [asked[0] for asked in dbt.asked] == ["parse", "ls"]
    assert "{as_of_date: 2026-03-31}" in dbt.asked[1]
    assert dbt.manifests[1] is MANIFEST
