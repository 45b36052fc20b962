"""`regulars backfill`: the score history as runs that stood at past days would have left it."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from datetime import date, datetime

import click
from rich.console import Console

from regulars.building.command import (
    JsonCommand,
    check_sources,
    run_variables,
    why_not_started,
)
from regulars.building.past_days import days_to_fill, held_days, known_days
from regulars.building.preflight import check_ready
from regulars.building.progress import shown_progress
from regulars.building.reporting import report_lines
from regulars.building.run import Outcome, Project
from regulars.building.status import Status, as_json, not_started, run_status
from regulars.engines.duckdb_reading import read_warehouse
from regulars.engines.duckdb_warehouse import check_free, release
from regulars.errors import UserError
from regulars.project import published_folder, warehouse_file

STAGING = ("--select", "path:models/staging")
A_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(
    cls=JsonCommand,
    epilog="""\b
    Example:  regulars backfill --from 2025-07-31
              regulars backfill --target prod --from 2025-01-31 --to 2025-12-31 --every 7
              regulars backfill --from 2025-07-31 --json > days.json      for programs
    """,
)
@click.option("--target", default="demo", show_default=True, help="The target of profiles.yml.")
@click.option("--from", "first", type=A_DAY, required=True, help="The first day to stand at.")
@click.option(
    "--to", "last", type=A_DAY, help="The last one. Default: the last whole day of events."
)
@click.option(
    "--every",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="From one day to the next; the last one is always among them.",
)
@click.option("--vars", "more", default="{}", help="Other vars, as YAML, as dbt takes them.")
@click.option(
    "--json",
    "wants_json",
    is_flag=True,
    help="Write how it ended to stdout, as one object; all else goes to stderr.",
)
def backfill(
    target: str,
    first: datetime,
    last: datetime | None,
    every: int,
    more: str,
    wants_json: bool,
) -> int:
    """Fill customer_score_history with what runs of past days would have said.

    Each day is a whole build that stands there, oldest first: trainings that were due then and
    gates included. Nothing is published. A day that the history holds is skipped, so what was
    stopped is gone on with by the same command.

    \b
    Exit code:
      0  the history holds all of the days
      1  a day is red; those before it are kept
      2  it could not start
    """
    try:
        days, statuses = fill(target, first.date(), last.date() if last else None, every, more)
    except (Exception, KeyboardInterrupt) as error:
        if wants_json:
            click.echo(as_json(not_started(why_not_started(error), target)))
        raise
    finally:
        release()
    is_filled = all(status["state"] == "built" for status in statuses)
    if wants_json:
        state = "filled" if is_filled else statuses[-1]["state"]
        asked = [day.isoformat() for day in days]
        click.echo(as_json({"target": target, "state": state, "days": asked, "runs": statuses}))
    if is_filled and not wants_json:
        click.echo(f"The history holds {counted(len(days))}. Publish it with: regulars build")
    return 0 if is_filled else 1


def fill(
    target: str, first: date, last: date | None, every: int, more: str
) -> tuple[list[date], list[Status]]:
    """Builds what the history lacks, up to the first day that goes wrong.

    Returns:
        All days that were asked for, and how each of the runs ended.

    Raises:
        UserError: when it could not start.
    """
    unpublished = {"unpublished_targets": [target]}
    check_sources(target)
    check_free(warehouse_file(target))
    console = Console(stderr=True, highlight=False)
    project = Project(target, run_variables(None, False, more, unpublished))
    # whatever nodes print belongs on stderr: stdout is for the result
    with shown_progress(console) as progress, redirect_stdout(sys.stderr):
        progress.say("reading the project")
        project.read()
        nodes = project.selected()
        progress.say("looking at the raw tables and the disk")
        for warning in check_ready(project, target, nodes):
            console.print(warning, soft_wrap=True, markup=False)
        progress.say("looking which days there are")
        # it also undoes what a killed run left in the history
        views = project.with_other(run_variables(None, False, more, unpublished), STAGING)
        outcome = views.build(views.selected(), progress)
        if not outcome.is_green:
            raise UserError(outcome.failures[0].message if outcome.failures else "stopped by hand.")
        known = known_days(project)
        days = days_to_fill(first, last, every, known)
        release()  # so that the file can be read
        with read_warehouse(target) as warehouse:
            held = held_days(warehouse, known.predictions)
    missing = [day for day in days if day not in held]
    if len(missing) < len(days):
        click.echo(f"Held already: {counted(len(days) - len(missing))}.", err=True)

    def build(day: date) -> Outcome:
        standing = project.with_other(run_variables(day, False, more, unpublished))
        with shown_progress(console) as progress, redirect_stdout(sys.stderr):
            return standing.build(nodes, progress)

    return days, list(run_days(target, missing, build))


def run_days(
    target: str, days: Sequence[date], build: Callable[[date], Outcome]
) -> Iterator[Status]:
    """Builds day after day until one goes wrong, and says how each ended."""
    for number, day in enumerate(days, start=1):
        began = time.monotonic()
        click.echo(f"{day} ({number} of {len(days)})", err=True)
        outcome = build(day)
        status = run_status(outcome, target, day.isoformat())
        yield status
        if not outcome.is_green:
            for line in report_lines(outcome, status, published_folder(target)):
                click.echo(line, err=True)
            click.echo(stopped_line(days, number), err=True)
            return
        minutes, seconds = divmod(round(time.monotonic() - began), 60)
        click.echo(f"{day} is in the history, after {minutes}:{seconds:02}.", err=True)


def stopped_line(days: Sequence[date], number: int) -> str:
    """What a person may do about the day with this number, at which it stopped."""
    kept = f"{counted(number - 1)} before it {'is' if number == 2 else 'are'} kept"
    line = f"Stopped at {days[number - 1]}; {kept}."
    line += " Once that is mended, the same command goes on there."
    if number < len(days):
        line += f" To leave this day out: --from {days[number]}."
    return line


def counted(days: int) -> str:
    """How many days, in words for a person."""
    return f"{days} day" if days == 1 else f"{days} days"
