"""The object that programs read: dbt's own hook wrote it, or as much as is known without it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from regulars.building.run import Failure, Outcome
from regulars.building.status import as_json, not_started, run_status

KEYS = [
    "target",
    "state",
    "run_id",
    "command",
    "as_of_date",
    "started_at",
    "finished_at",
    "failures",
    "gates",
    "failed_expectations",
    "row_accounting",
    "models",
    "publication",
]


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path))
    folder = tmp_path / "published" / "demo"
    folder.mkdir(parents=True)
    return folder / "status.json"


def outcome(**more: Any) -> Outcome:
    return Outcome(
        nodes=3,
        run_id="this",
        started_at=datetime(2026, 7, 1, 2, 3, 4, tzinfo=UTC),
        finished_at=datetime(2026, 7, 1, 3, 3, 4, tzinfo=UTC),
        **more,
    )


RED = [Failure("a", "no")]


@pytest.mark.parametrize(
    ("ended", "state"),
    [
        (outcome(is_published=True), "published"),
        (outcome(), "built"),
        (outcome(failures=RED), "red"),
        (outcome(failures=RED, is_published=True), "published"),
        (outcome(is_interrupted=True), "interrupted"),
    ],
)
def test_without_the_file_the_same_keys_hold_what_is_known(ended: Outcome, state: str) -> None:
    status = run_status(ended, "demo", "2026-06-30")
    assert list(status) == KEYS
    assert status["state"] == state
    assert (status["target"], status["run_id"], status["as_of_date"]) == (
        "demo",
        "this",
        "2026-06-30",
    )
    assert status["started_at"] == "2026-07-01 02:03:04.000000"
    assert bool(status["publication"]) == ended.is_published
    assert status["failures"] == [{"node": f.node, "message": f.message} for f in ended.failures]


def test_the_file_is_taken_when_it_tells_of_this_run(file: Path) -> None:
    written = {"run_id": "this", "state": "published", "gates": [{"gate": "inputs"}], "more": 1}
    file.write_text(json.dumps(written))
    status = run_status(outcome(), "demo")
    assert {key: status[key] for key in written} == written
    assert set(KEYS) <= set(status)
    assert status["publication"] is None


def test_what_was_published_is_said_whole(file: Path) -> None:
    file.write_text('{"run_id": "this", "state": "published", "generation": 12}')
    assert run_status(outcome(is_published=True), "demo")["publication"] == {
        "generation": 12,
        "published_at": None,
        "file": str(file.parent / "regulars.duckdb"),
    }


@pytest.mark.parametrize("text", ['{"run_id": "other", "state": "published"}', "{half", "[1]"])
def test_a_file_of_another_run_is_not_taken(file: Path, text: str) -> None:
    file.write_text(text)
    assert run_status(outcome(failures=RED), "demo")["state"] == "red"


def test_a_run_whose_last_hook_was_not_reached_is_not_said_to_run(file: Path) -> None:
    file.write_text(json.dumps({"run_id": "this", "state": "running", "started_at": "then"}))
    status = run_status(outcome(is_interrupted=True), "demo")
    assert (status["state"], status["started_at"]) == ("interrupted", "then")
    assert status["finished_at"] == "2026-07-01 03:03:04.000000"


def test_what_failed_after_the_file_was_written_makes_it_red(file: Path) -> None:
    file.write_text(json.dumps({"run_id": "this", "state": "built", "failures": []}))
    status = run_status(outcome(failures=RED), "demo")
    assert status["state"] == "red"
    assert status["failures"] == [{"node": "a", "message": "no"}]


def test_a_run_that_could_not_start_says_so() -> None:
    assert json.loads(as_json(not_started("Täglich.", "prod"))) == {
        "target": "prod",
        "state": "not started",
        "message": "Täglich.",
    }
