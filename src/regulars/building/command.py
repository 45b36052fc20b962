"""`regulars build`: dbt build with progress, one-line errors and an exit code."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from datetime import date, datetime
from typing import Any

import click
import yaml
from rich.console import Console

from regulars.building.notifying import Notifiers
from regulars.building.preflight import NotReadyError, check_ready
from regulars.building.progress import shown_progress
from regulars.building.reporting import report_lines
from regulars.building.run import Outcome, Project
from regulars.building.status import as_json, not_started, run_status
from regulars.engines.duckdb_warehouse import check_free, release
from regulars.errors import UserError
from regulars.project import project_folder, published_folder, read_yaml, warehouse_file


class JsonCommand(click.Command):
    """With --json, wrong options are told on stdout too."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Reads the options."""
        wants_json = "--json" in args
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.ClickException as error:
            if wants_json:
                click.echo(as_json(not_started(error.format_message())))
            raise


@click.command(
    cls=JsonCommand,
    context_settings={"ignore_unknown_options": True},
    epilog="""\b
    Example:  regulars build
              regulars build --target retail --as-of-date 2011-05-31
              regulars build --target prod --retrain --threads 4
              regulars build --select customers+      some nodes: nothing is published
              regulars build --json > run.json        for programs
              regulars build --on-red 'mail -s "$REGULARS_MESSAGE" ann@example.com'
              REGULARS_WEBHOOK=https://… regulars build
    """,
)
@click.option("--target", default="demo", show_default=True, help="The target of profiles.yml.")
@click.option(
    "--as-of-date",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day to stand at; later rows are not read. Default: the last whole day of events.",
)
@click.option("--retrain", is_flag=True, help="Train even when no training is due.")
@click.option("--vars", "more", default="{}", help="Other vars, as YAML, as dbt takes them.")
@click.option(
    "--json",
    "wants_json",
    is_flag=True,
    help="Write how the run ended to stdout, as one object; all else goes to stderr.",
)
@click.option(
    "--webhook",
    envvar="REGULARS_WEBHOOK",
    metavar="URL",
    help="Post there when the run isn't green (Slack, Mattermost, Teams). It is a secret:"
    " better set REGULARS_WEBHOOK.",
)
@click.option(
    "--on-red",
    envvar="REGULARS_ON_RED",
    metavar="COMMAND",
    help="Run this when the run isn't green, with the object of --json on stdin. Or set"
    " REGULARS_ON_RED.",
)
@click.argument("dbt_arguments", nargs=-1, type=click.UNPROCESSED)
def build(
    target: str,
    as_of_date: datetime | None,
    retrain: bool,
    more: str,
    wants_json: bool,
    webhook: str | None,
    on_red: str | None,
    dbt_arguments: tuple[str, ...],
) -> int:
    """Build everything, from raw tables to the published file.

    Before the first node it looks whether the warehouse file is free, the disk has room and
    the raw tables have their columns. DBT_ARGUMENTS, such as --select or --threads, go to dbt
    as they are.

    \b
    Exit code:
      0  all is well
      1  a node failed or a gate is red
      2  the run could not start
    """
    notifiers = Notifiers(webhook, on_red)
    day = as_of_date.date() if as_of_date else None
    try:
        notifiers.check()
        outcome = run(target, day, retrain, more, dbt_arguments)
    except (Exception, KeyboardInterrupt) as error:
        release()
        problems = error.problems if isinstance(error, NotReadyError) else []
        if len(problems) > 1:  # a single one is the error's own text
            click.echo("\n".join(f"Error: {problem}" for problem in problems), err=True)
        status = not_started(why_not_started(error), target)
        if wants_json:
            click.echo(as_json(status))
        notifiers.tell(status)
        if len(problems) > 1:
            raise UserError(f"Nothing was run: mend these {len(problems)} first.") from error
        raise
    release()  # a notifier may want to read the file
    status = run_status(outcome, target, day.isoformat() if day else None)
    *lines, last = report_lines(outcome, status, published_folder(target))
    for line in lines:
        click.echo(line, err=True)
    click.echo(last, err=wants_json or not outcome.is_green)
    if wants_json:
        click.echo(as_json(status))
    if not outcome.is_green:
        notifiers.tell(status)
    return 0 if outcome.is_green else 1


def run(
    target: str, day: date | None, retrain: bool, more: str, dbt_arguments: Sequence[str]
) -> Outcome:
    """Looks whether the run can start, then builds.

    Raises:
        UserError: when it could not start.
    """
    file = warehouse_file(target)
    refuse_own_options(dbt_arguments)
    variables = run_variables(day, retrain, more)
    check_sources(target)
    check_free(file)
    project = Project(target, variables, dbt_arguments)
    # whatever nodes print belongs on stderr: stdout is for the result
    console = Console(stderr=True, highlight=False)
    with shown_progress(console) as progress, redirect_stdout(sys.stderr):
        progress.say("reading the project")
        project.read()
        nodes = project.selected()
        if not nodes:
            raise UserError("Nothing was selected: dbt ls lists the names of nodes.")
        progress.say("looking at the raw tables and the disk")
        for warning in check_ready(project, target, nodes):
            console.print(warning, soft_wrap=True, markup=False)
        return project.build(nodes, progress)


def why_not_started(error: BaseException) -> str:
    """What kept a run from starting, in one line."""
    if isinstance(error, KeyboardInterrupt):
        return "stopped by hand."
    said = " ".join(str(error).split())
    return said if isinstance(error, UserError) else f"{type(error).__name__}: {said}"


def check_sources(target: str) -> None:
    """Refuses a target that nothing feeds.

    Raises:
        UserError: when the target's world in dbt_project.yml names no source.
    """
    worlds = read_yaml(project_folder() / "dbt_project.yml")["vars"]["worlds"]
    if not (worlds.get(target) or {}).get("sources"):
        raise UserError(
            f"Target {target} has no sources yet: add yours to its world in dbt_project.yml,"
            " as docs/guides/bring-your-own-data.md shows."
        )


def refuse_own_options(dbt_arguments: Sequence[str]) -> None:
    """Refuses what this command decides itself: dbt would take the last one that it is given.

    Raises:
        UserError: naming the option.
    """
    for argument in dbt_arguments:
        if argument.partition("=")[0] in ("-t", "--profile", "--profiles-dir", "--project-dir"):
            raise UserError(f"{argument}: say --target, or set REGULARS_PROJECT for the folder.")


def run_variables(
    as_of_date: date | None,
    retrain: bool,
    more: str = "{}",
    fixed: Mapping[str, Any] | None = None,
) -> str:
    """The --vars that a run gets, as YAML: those given, and the options' own over them.

    Args:
        as_of_date: the day to stand at.
        retrain: whether to train even when it isn't due.
        more: what was given as --vars.
        fixed: what the command decides itself.

    Raises:
        UserError: when those given aren't a YAML mapping.
    """
    try:
        variables = yaml.safe_load(more) or {}
    except yaml.YAMLError:
        variables = None
    if not isinstance(variables, dict):
        raise UserError(f"--vars {more}: write a mapping, such as '{{dev_sample_percent: 50}}'.")
    if as_of_date:
        variables["as_of_date"] = as_of_date.isoformat()
    if retrain:
        variables["retrain"] = True
    variables |= fixed or {}
    return yaml.safe_dump(variables)
