"""`regulars build`: dbt build with progress, one-line errors and an exit code."""

from datetime import date, datetime

import click
import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from regulars.building.run import Outcome, run_dbt
from regulars.engines.duckdb_warehouse import check_free
from regulars.errors import UserError
from regulars.project import project_folder, published_folder, read_yaml, warehouse_file


@click.command(
    context_settings={"ignore_unknown_options": True},
    epilog="Example:  regulars build --target retail --as-of-date 2011-05-31",
)
@click.option("--target", default="demo", show_default=True, help="The target of profiles.yml.")
@click.option(
    "--as-of-date",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day to stand at; later rows are not read. Default: the last whole day of events.",
)
@click.option("--retrain", is_flag=True, help="Train even when no training is due.")
@click.option("--vars", "more", default="{}", help="Other vars, as YAML, as dbt takes them.")
@click.argument("dbt_arguments", nargs=-1, type=click.UNPROCESSED)
def build(
    target: str,
    as_of_date: datetime | None,
    retrain: bool,
    more: str,
    dbt_arguments: tuple[str, ...],
) -> int:
    """Build everything, from raw tables to the published file.

    DBT_ARGUMENTS, such as --select or --threads, go to dbt as they are. Exit code: 0 when
    all is well, 1 when a node failed, 2 when the run could not start.
    """
    file = warehouse_file(target)
    check_sources(target)
    refuse_own_options(dbt_arguments)
    variables = run_variables(as_of_date.date() if as_of_date else None, retrain, more)
    check_free(file)
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task("reading the project", total=None)
        outcome = run_dbt(
            ["build", "--target", target, "--vars", variables, *dbt_arguments],
            lambda name, done, of: bar.update(task, description=name, completed=done, total=of),
        )
    return report(outcome, target)


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


def refuse_own_options(dbt_arguments: tuple[str, ...]) -> None:
    """Refuses what this command decides itself: dbt would take the last one that it is given.

    Raises:
        UserError: naming the option.
    """
    for argument in dbt_arguments:
        if argument.partition("=")[0] in ("-t", "--profile", "--profiles-dir", "--project-dir"):
            raise UserError(f"{argument}: say --target, or set REGULARS_PROJECT for the folder.")


def run_variables(as_of_date: date | None, retrain: bool, more: str = "{}") -> str:
    """The --vars that a run gets, as YAML: those given, and the options' own over them.

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
    return yaml.safe_dump(variables)


def report(outcome: Outcome, target: str) -> int:
    """Says how a run ended: one line per failure. Returns the exit code."""
    for failure in outcome.failures:
        click.echo(f"Failed: {failure}", err=True)
    if outcome.failures:
        click.echo(
            f"{len(outcome.failures)} of {outcome.nodes} nodes failed, {outcome.skipped} were"
            " skipped; what was published before is as it was.",
            err=True,
        )
        return 1
    if not outcome.nodes:
        raise UserError("Nothing was selected: dbt ls lists the names of nodes.")
    published = f" Published: {published_folder(target)}" if outcome.is_published else ""
    click.echo(f"{outcome.nodes} nodes built.{published}")
    return 0
