"""What `regulars backfill` builds, and what it says of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Self

import pytest
import yaml

from regulars.building import backfill
from regulars.building.past_days import Known
from regulars.building.run import Failure, Node, Outcome
from regulars.cli import main
from regulars.errors import UserError

A_NODE = Node("a", "staging", "a", None, frozenset())
ASKED = ["--from", "2026-03-01", "--to", "2026-04-20"]
DAYS = ["2026-03-01", "2026-03-31", "2026-04-20"]


class StandingProject:
    """Stands in for the project: keeps the days that it was built at, and ends as it is told to."""

    stood: list[dict] = []  # noqa: RUF012
    ends: dict[str, Outcome | BaseException] = {}  # noqa: RUF012
    reads = 0

    def __init__(self, target: str, variables: str, dbt_arguments: Any = ()) -> None:
        self.variables, self.dbt_arguments = yaml.safe_load(variables), dbt_arguments

    def with_other(self, variables: str, dbt_arguments: Any = ()) -> Self:
        return type(self)("demo", variables, dbt_arguments)

    def read(self) -> None:
        StandingProject.reads += 1

    def selected(self) -> list[Node]:
        return [A_NODE]

    def build(self, nodes: list[Node], watcher: Any) -> Outcome:
        print("what a node prints")
        if not self.dbt_arguments:
            StandingProject.stood.append(self.variables)
        day = self.variables.get("as_of_date", "staging")
        ended = self.ends.get(day, Outcome(nodes=1, run_id=day))
        if isinstance(ended, BaseException):
            raise ended
        return ended


@pytest.fixture(autouse=True)
def held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> set[date]:
    """The days that the history holds."""
    held: set[date] = set()

    @contextmanager
    def read(target: str) -> Iterator[None]:
        yield None

    monkeypatch.setenv("REGULARS_HOME", str(tmp_path))
    monkeypatch.setattr(backfill, "Project", StandingProject)
    monkeypatch.setattr(backfill, "check_ready", lambda *_: [])
    monkeypatch.setattr(backfill, "read_warehouse", read)
    monkeypatch.setattr(backfill, "held_days", lambda *_: held)
    known = Known(date(2026, 1, 1), date(2026, 6, 30), ["churn"])
    monkeypatch.setattr(backfill, "known_days", lambda _: known)
    StandingProject.stood, StandingProject.ends, StandingProject.reads = [], {}, 0
    return held


def fill(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["backfill", *arguments])
    return int(ended.value.code or 0)


def test_each_day_is_built_in_turn_and_nothing_is_published(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert fill(*ASKED, "--vars", "{snapshot_count: 4}") == 0
    assert [vars_["as_of_date"] for vars_ in StandingProject.stood] == DAYS
    for variables in StandingProject.stood:
        assert variables["unpublished_targets"] == ["demo"]
        assert variables["snapshot_count"] == 4
    assert StandingProject.reads == 1
    said = capsys.readouterr()
    assert said.out == "The history holds 3 days. Publish it with: regulars build\n"
    assert "2026-03-31 (2 of 3)" in said.err


def test_days_that_are_held_are_skipped(
    held: set[date], capsys: pytest.CaptureFixture[str]
) -> None:
    held |= {date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)}
    assert fill(*ASKED) == 0
    assert [vars_["as_of_date"] for vars_ in StandingProject.stood] == ["2026-04-20"]
    assert "Held already: 2 days." in capsys.readouterr().err


def test_a_red_day_stops_it_and_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    red = Outcome(nodes=1, failures=[Failure("gate_inputs", "Gate inputs is red")])
    StandingProject.ends = {"2026-03-31": red}
    assert fill(*ASKED) == 1
    assert [vars_["as_of_date"] for vars_ in StandingProject.stood] == DAYS[:2]
    said = capsys.readouterr().err
    assert "Failed: gate_inputs: Gate inputs is red" in said
    assert said.splitlines()[-1] == (
        "Stopped at 2026-03-31; 1 day before it is kept. Once that is mended, the same command"
        " goes on there. To leave this day out: --from 2026-04-20."
    )


def test_a_red_last_day_names_no_day_after_it(capsys: pytest.CaptureFixture[str]) -> None:
    StandingProject.ends = {DAYS[-1]: Outcome(nodes=1, planned=2, is_interrupted=True)}
    assert fill(*ASKED) == 1
    assert "--from" not in capsys.readouterr().err.splitlines()[-1]


def test_one_object_tells_programs_how_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    StandingProject.ends = {"2026-03-31": Outcome(nodes=1, failures=[Failure("a", "no")])}
    assert fill(*ASKED, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["days"]) == ("red", DAYS)
    assert [(run["as_of_date"], run["state"]) for run in told["runs"]] == [
        ("2026-03-01", "built"),
        ("2026-03-31", "red"),
    ]


@pytest.mark.parametrize("ends", [UserError("The seed is wrong."), RuntimeError("no such thing")])
def test_what_cannot_start_ends_with_2(
    ends: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    StandingProject.ends = {"staging": ends}
    assert fill(*ASKED, "--json") == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["state"] == "not started"
    assert len(said.err.splitlines()[-1]) > len("Error: ")
    assert StandingProject.stood == []


def test_staging_that_fails_stops_it_before_the_first_day(
    capsys: pytest.CaptureFixture[str],
) -> None:
    StandingProject.ends = {"staging": Outcome(nodes=1, failures=[Failure("stg", "No column x.")])}
    assert fill(*ASKED) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "Error: No column x."
    assert StandingProject.stood == []


@pytest.mark.parametrize(
    "wrong", [[], ["--from", "June"], [*ASKED, "--every", "0"], [*ASKED, "--from", "2025-01-01"]]
)
def test_wrong_options_end_with_2(wrong: list[str]) -> None:
    assert fill(*wrong) == 2
    assert StandingProject.stood == []
