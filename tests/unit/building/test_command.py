"""What `regulars build` asks of dbt, how it says what came of it, and whom it tells."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from regulars.building import command
from regulars.building.command import refuse_own_options, run_variables
from regulars.building.notifying import Notifiers
from regulars.building.preflight import NotReadyError
from regulars.building.run import Failure, Node, Outcome
from regulars.cli import main
from regulars.errors import UserError
from regulars.project import warehouse_file

GREEN = Outcome(nodes=2, is_published=True, run_id="r1")
RED = Outcome(nodes=2, failures=[Failure("a", "no")], run_id="r1")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path))
    for option in ("REGULARS_WEBHOOK", "REGULARS_ON_RED"):
        monkeypatch.delenv(option, raising=False)
    return tmp_path


class AnsweringProject:
    """Stands in for the project: keeps what it is asked, and ends as it is told to."""

    asked: list[tuple] = []  # noqa: RUF012
    nodes: list[Node] = []  # noqa: RUF012
    ends: Outcome | BaseException = GREEN

    def __init__(self, *arguments: Any) -> None:
        AnsweringProject.asked.append(arguments)

    def read(self) -> None:
        if isinstance(self.ends, UserError):
            raise self.ends

    def selected(self) -> list[Node]:
        return self.nodes

    def build(self, nodes: list[Node], watcher: Any) -> Outcome:
        assert nodes == self.nodes
        print("what a node prints")
        if isinstance(self.ends, BaseException):
            raise self.ends
        return self.ends


@pytest.fixture(autouse=True)
def project(monkeypatch: pytest.MonkeyPatch) -> type[AnsweringProject]:
    monkeypatch.setattr(command, "Project", AnsweringProject)
    monkeypatch.setattr(command, "check_ready", lambda *_: [])
    AnsweringProject.asked = []
    AnsweringProject.nodes = [Node("a", "staging", "a", None, frozenset())]
    AnsweringProject.ends = GREEN
    return AnsweringProject


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Notifiers, dict]]:
    """Keeps who is told of what."""
    kept: list[tuple[Notifiers, dict]] = []
    monkeypatch.setattr(Notifiers, "tell", lambda self, status: kept.append((self, status)))
    return kept


def build(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["build", *arguments])
    return int(ended.value.code or 0)


def test_variables_are_yaml_that_dbt_reads_back() -> None:
    assert yaml.safe_load(run_variables(None, False)) == {}
    said = yaml.safe_load(run_variables(date(2011, 5, 31), True))
    assert said == {"as_of_date": "2011-05-31", "retrain": True}


def test_vars_are_merged_and_the_options_win() -> None:
    text = run_variables(date(2026, 3, 31), True, "{dev_sample_percent: 50, retrain: false}")
    assert yaml.safe_load(text) == {
        "as_of_date": "2026-03-31",
        "dev_sample_percent": 50,
        "retrain": True,
    }
    for wrong in ("[1, 2]", "{broken: ["):
        with pytest.raises(UserError, match="write a mapping"):
            run_variables(None, False, wrong)


@pytest.mark.parametrize("option", ["-t", "--profile", "--project-dir=elsewhere"])
def test_what_the_command_decides_is_not_taken_from_dbt_arguments(option: str) -> None:
    with pytest.raises(UserError, match="say --target"):
        refuse_own_options((option, "retail"))


def test_options_reach_dbt_as_variables_and_the_rest_as_it_is(
    project: type[AnsweringProject],
) -> None:
    assert build("--target", "retail", "--as-of-date", "2011-05-31", "--select", "customers+") == 0
    ((target, variables, dbt_arguments),) = project.asked
    assert target == "retail"
    assert yaml.safe_load(variables) == {"as_of_date": "2011-05-31"}
    assert dbt_arguments == ("--select", "customers+")


def test_a_green_run_ends_with_0_and_tells_nobody(
    capsys: pytest.CaptureFixture[str], home: Path, told: list
) -> None:
    assert build("--on-red", "mail") == 0
    said = capsys.readouterr()
    assert said.out == f"2 nodes built. Published: {home / 'published' / 'demo'}\n"
    assert "what a node prints" in said.err
    assert told == []


def test_a_red_run_ends_with_1_and_is_told(
    project: type[AnsweringProject],
    capsys: pytest.CaptureFixture[str],
    told: list,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project.ends = RED
    monkeypatch.setenv("REGULARS_WEBHOOK", "https://chat.example/s3cret")
    assert build("--on-red", "mail") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[-2:] == [
        "Failed: a: no",
        "1 of 2 nodes failed, 0 were skipped; what was published before is as it was.",
    ]
    assert "s3cret" not in said.err
    ((notifiers, status),) = told
    assert notifiers == Notifiers("https://chat.example/s3cret", "mail")
    assert (status["state"], status["target"]) == ("red", "demo")


def test_a_run_that_was_stopped_ends_with_1(project: type[AnsweringProject], told: list) -> None:
    project.ends = Outcome(nodes=1, planned=2, is_interrupted=True)
    assert build() == 1
    assert told[0][1]["state"] == "interrupted"


def test_json_is_all_that_stands_on_stdout(
    project: type[AnsweringProject], capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    assert build("--json") == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["state"] == "published"
    assert said.err.splitlines()[-1].startswith("2 nodes built. Published: ")

    project.ends = RED
    folder = home / "published" / "demo"
    folder.mkdir(parents=True)
    (folder / "status.json").write_text('{"run_id": "r1", "state": "red", "models": {"churn": 1}}')
    assert build("--json") == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["models"] == {"churn": 1}
    assert "Failed: a: no" in said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--target", "nowhere"), "Unknown target 'nowhere': profiles.yml has demo, retail"),
        (("--target", "prod"), "Target prod has no sources yet"),
        (("--vars", "[1]"), "--vars [1]: write a mapping"),
        (("-t", "retail"), "-t: say --target"),
        (("--webhook", "s3cret"), "--webhook: write an address"),
    ],
)
def test_a_run_that_could_not_start_ends_with_2_and_is_told(
    project: type[AnsweringProject],
    capsys: pytest.CaptureFixture[str],
    told: list,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    assert build("--json", *arguments) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"Error: {said}")
    assert len(captured.err.splitlines()) == 1
    assert "s3cret" not in captured.err
    status = json.loads(captured.out)
    assert status["state"] == "not started"
    assert status["message"].startswith(said)
    assert [one for _, one in told] == [status]
    assert project.asked == []


def test_options_that_cannot_be_read_are_told_to_programs_too(
    project: type[AnsweringProject], capsys: pytest.CaptureFixture[str]
) -> None:
    assert build("--json", "--as-of-date", "31.05.2011") == 2
    captured = capsys.readouterr()
    assert "31.05.2011" in captured.err
    assert json.loads(captured.out)["state"] == "not started"
    assert build("--as-of-date", "31.05.2011") == 2
    assert capsys.readouterr().out == ""
    assert project.asked == []


def test_a_selection_of_nothing_is_said_before_anything_runs(
    project: type[AnsweringProject], capsys: pytest.CaptureFixture[str]
) -> None:
    project.nodes = []
    assert build("--select", "nothing") == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("Error: Nothing was selected")


def test_what_may_go_wrong_is_said_and_does_not_stop_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    warning = "The disk [of /data] may be too small" + " for this" * 20
    monkeypatch.setattr(command, "check_ready", lambda *_: [warning])
    assert build() == 0
    assert warning in capsys.readouterr().err.splitlines()


def test_each_problem_has_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], told: list
) -> None:
    def refuse(*problems: str) -> None:
        def check_ready(*_: Any) -> None:
            raise NotReadyError(problems)

        monkeypatch.setattr(command, "check_ready", check_ready)

    refuse("No room.", "No table.")
    assert build() == 2
    assert capsys.readouterr().err.splitlines()[-3:] == [
        "Error: No room.",
        "Error: No table.",
        "Error: Nothing was run: mend these 2 first.",
    ]
    assert told[-1][1]["message"] == "No room. No table."
    refuse("No room.")
    assert build() == 2
    assert capsys.readouterr().err.splitlines()[-1] == "Error: No room."


def test_whatever_else_keeps_it_from_starting_is_told_too(
    project: type[AnsweringProject], capsys: pytest.CaptureFixture[str], told: list
) -> None:
    project.ends = KeyboardInterrupt()
    assert build("--json") == 2
    captured = capsys.readouterr()
    assert json.loads(captured.out)["message"] == "stopped by hand."
    assert captured.err.splitlines()[-1] == "Error: stopped."
    project.ends = KeyError("x")
    assert build() == 2
    assert [status["message"] for _, status in told] == ["stopped by hand.", "KeyError: 'x'"]


def test_a_held_file_is_refused_before_dbt_is_even_imported(
    project: type[AnsweringProject], capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect(str(warehouse_file("demo"))):
        assert build() == 2
    assert "is in use by" in capsys.readouterr().err
    assert project.asked == []
