"""`regulars build`: dbt build with progress, one-line errors and an exit code."""

from datetime import date, datetime

import click
import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from regulars.building.run import Outcome, run_dbt
from regulars.errors import UserError
from regulars.project import project_folder, published_folder, warehouse_file


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
@click.argument("dbt_arguments", nargs=-1, type=click.UNPROCESSED)
def build(
    target: str, as_of_date: datetime | None, retrain: bool, dbt_arguments: tuple[str, ...]
) -> int:
    """Build everything, from raw tables to the published file.

    DBT_ARGUMENTS, such as --select or --threads, go to dbt as they are. Exit code: 0 when
    all is well, 1 when a node failed, 2 when the run could not start.
    """
    warehouse_file(target)
    check_sources(target)
    variables = run_variables(as_of_date.date() if as_of_date else None, retrain)
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
    project = yaml.safe_load((project_folder() / "dbt_project.yml").read_text())
    if not project["vars"]["worlds"].get(target, {}).get("sources"):
        raise UserError(
            f"Target {target} has no sources yet: add yours to its world in dbt_project.yml,"
            " as docs/guides/bring-your-own-data.md shows."
        )


def run_variables(as_of_date: date | None, retrain: bool) -> str:
    """The --vars that a run gets, as YAML."""
    variables: dict[str, str | bool] = {}
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
    click.echo(f"{outcome.nodes} nodes built. Published: {published_folder(target)}")
    return 0
