"""Which past days a backfill stands at, and which of them the history holds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from regulars.building.run import Project
from regulars.engines.duckdb_reading import BuiltTables
from regulars.errors import UserError


@dataclass(frozen=True)
class Known:
    """What is there to be backfilled.

    Attributes:
        first, last: the first and the last day of events; the last one may still be running.
        predictions: all that are asked for.
    """

    first: date
    last: date
    predictions: list[str]


def known_days(project: Project) -> Known:
    """Asks the warehouse, whose staging views must be those of today.

    Raises:
        UserError: when there are no events.
    """
    said = json.loads(project.operate("tell_days", {})[-1])
    if said["first_day"] is None:
        raise UserError("There are no events, so there is no day to stand at: load some first.")
    return Known(
        date.fromisoformat(said["first_day"]),
        date.fromisoformat(said["last_day"]),
        said["predictions"],
    )


def days_to_fill(first: date, last: date | None, every: int, known: Known) -> list[date]:
    """The days to stand at, ascending: counted from the first one, so that they stay the same
    when the last one moves on, which is always among them.

    Raises:
        UserError: when there is none, or one lies outside the events.
    """
    last = last or known.last - timedelta(days=1)
    for option, day in (("--from", first), ("--to", last)):
        if not known.first <= day <= known.last:
            raise UserError(
                f"{option} {day} lies outside the events, which run from {known.first} to"
                f" {known.last}: choose a day between them."
            )
    if first > last:
        raise UserError(f"--from {first} comes after --to {last}: there is no day between them.")
    steps = range(0, (last - first).days, every)
    return [*(first + timedelta(days=step) for step in steps), last]


def held_days(warehouse: BuiltTables, predictions: Sequence[str]) -> set[date]:
    """Days whose scores the history holds, of all predictions.

    Where nobody could be scored there is no row: then the run that left the others says that it
    had been asked.
    """
    if not warehouse.find("customer_score_history", "scores"):
        return set()
    found = warehouse.rows(
        "select history.score_date, history.predictions, coalesce(runs.nodes, '')"
        " from ("
        "   select score_date, list(distinct prediction) as predictions, max(run_id) as run_id"
        "   from scores.customer_score_history"
        "   where replaced_by_run_id is null group by score_date) as history"
        " left join journal.runs on history.run_id = runs.run_id"
    )
    return {
        day
        for day, scored, nodes in found
        if all(name in scored or f'"score_{name}"' in nodes for name in predictions)
    }
