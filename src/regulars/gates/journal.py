"""What the journal in a target's warehouse tells of its runs and of what they found."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.errors import UserError
from regulars.gates.results import RESULT_SCHEMA
from regulars.gates.suggestion import did_you_mean
from regulars.gates.warehouse import Warehouse

GOOD_OUTCOMES = ("published", "built")

COLUMNS = [*RESULT_SCHEMA.names, "checked_at"]


@dataclass(frozen=True)
class Run:
    """One run of the project.

    Attributes:
        run_id: dbt's invocation id.
        outcome: running, published, built, red or interrupted; None where the journal of runs
            doesn't know it.
        started_at: when it began, UTC.
    """

    run_id: str
    outcome: str | None
    started_at: datetime


def last_good_run(warehouse: Warehouse, target: str) -> Run:
    """The run that the target's tables come from.

    Raises:
        UserError: when there is none, or the last one didn't end well: its tables are of two runs.
    """
    runs = _rows(
        warehouse,
        "runs",
        "select run_id, outcome, started_at from journal.runs where target = ?"
        " order by started_at desc, run_id limit 1",
        [target],
    )
    if not runs:
        raise UserError(f"No run of {target} is known yet: regulars build first.")
    run = Run(*runs[0])
    if run.outcome not in GOOD_OUTCOMES:
        raise UserError(
            f"The last run of {target} is {run.outcome}, so its tables are no example to follow:"
            " draft after a run that ended well."
        )
    return run


def run_that_built(warehouse: Warehouse, target: str, model: str) -> Run | None:
    """The run that a model's table comes from; None when the journal doesn't know it.

    Of a run that was interrupted nobody knows what it built, so that the ones before it don't
    count either.
    """
    runs = _rows(
        warehouse,
        "runs",
        "select run_id, outcome, started_at, nodes from journal.runs where target = ?"
        " order by started_at desc, run_id",
        [target],
    )
    for run_id, outcome, started_at, nodes in runs:
        if nodes is None:
            return None
        built = {node["node"] for node in json.loads(nodes) if node["status"] == "success"}
        if model in built:
            return Run(run_id, outcome, started_at)
    return None


def checked_run(warehouse: Warehouse, run_id: str | None = None) -> Run:
    """A run whose gates left results: the named one, by its whole id or how it begins, or the last.

    Raises:
        UserError: when there is no such run, or the beginning is that of several.
    """
    runs = _rows(
        warehouse,
        "expectation_results",
        "select run_id, max(checked_at) as checked_at from journal.expectation_results"
        " where run_id is not null group by run_id order by checked_at desc, run_id",
    )
    if not runs:
        raise UserError("No gate has checked anything yet: regulars build first.")
    found = [row for row in runs if run_id is None or row[0].startswith(run_id)]
    if not found:
        guess = did_you_mean(str(run_id), [row[0] for row in runs])
        raise UserError(f"No run {run_id} left results{guess}: leave --run out for the last one.")
    if run_id is not None and len(found) > 1:
        raise UserError(f"{len(found)} runs begin with {run_id}: write more of it.")
    known = _rows(
        warehouse,
        "runs",
        "select outcome, started_at from journal.runs where run_id = ?",
        [found[0][0]],
    )
    outcome, started_at = known[0] if known else (None, found[0][1])
    return Run(found[0][0], outcome, started_at)


def results_of(warehouse: Warehouse, run_id: str) -> list[dict[str, Any]]:
    """What the gates of a run found: rows of RESULT_SCHEMA with checked_at, in order."""
    rows = warehouse.rows(
        f"select {', '.join(COLUMNS)} from journal.expectation_results where run_id = ?"
        " order by checked_at, gate, suite, expectation_number",
        [run_id],
    )
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def _rows(
    warehouse: Warehouse, table: str, sql: str, parameters: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    """The rows of a query on a journal's table; none when the journal isn't begun."""
    is_begun = warehouse.find(table, "journal") == f'"journal"."{table}"'
    return warehouse.rows(sql, parameters) if is_begun else []
