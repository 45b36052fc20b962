"""How a run stands, as one object that programs read, in the shape of status.json."""

import json
from datetime import datetime
from typing import Any

from regulars.building.run import Outcome
from regulars.project import published_folder

NOT_STARTED = "not started"

Status = dict[str, Any]


def run_status(outcome: Outcome, target: str, as_of_date: str | None = None) -> Status:
    """What status.json says of this run, or, when it tells of another one, what is known here.

    Args:
        outcome: how the run ended.
        target: of profiles.yml.
        as_of_date: the day that was asked for, yyyy-mm-dd.
    """
    known = _from_outcome(outcome, target, as_of_date)
    written = _read(target)
    if written.get("run_id") != outcome.run_id:
        return known
    if known["publication"]:
        known["publication"]["generation"] = written.get("generation")
    if written.get("state") == "running" or (written.get("state") == "built" and outcome.failures):
        # the hook that closes a run was not reached, or failed itself
        closing = ("state", "failures", "finished_at")
        return known | written | {key: known[key] for key in closing}
    return known | written


def not_started(message: str, target: str | None = None) -> Status:
    """The object of a run that could not start, with the reason in one line."""
    named = {"target": target} if target else {}
    return {**named, "state": NOT_STARTED, "message": message}


def as_json(status: Status) -> str:
    """The text of a status."""
    return json.dumps(status, indent=2, ensure_ascii=False, default=str)


def _from_outcome(outcome: Outcome, target: str, as_of_date: str | None) -> Status:
    state = "published" if outcome.is_published else "built"
    if outcome.is_interrupted:
        state = "interrupted"
    elif outcome.failures and not outcome.is_published:
        state = "red"
    return {
        "target": target,
        "state": state,
        "run_id": outcome.run_id,
        "command": "build",
        "as_of_date": as_of_date,
        "started_at": _moment(outcome.started_at),
        "finished_at": _moment(outcome.finished_at),
        "failures": [{"node": f.node, "message": f.message} for f in outcome.failures],
        "gates": [],
        "failed_expectations": [],
        "row_accounting": [],
        "models": {},
        "publication": {
            "generation": None,
            "published_at": None,
            "file": str(published_folder(target) / "regulars.duckdb"),
        }
        if outcome.is_published
        else None,
    }


def _read(target: str) -> Status:
    """The file that the run's last hook writes; empty when there is none that can be read."""
    try:
        read = json.loads((published_folder(target) / "status.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _moment(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if at else None
