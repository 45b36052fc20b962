"""`regulars publication`: what BI reads now, and the way back to what it read before."""

import shutil
import sys
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from regulars.engines.published_generations import (
    FILE,
    Generation,
    generations,
    kept_generation,
    roll_back,
)
from regulars.errors import UserError
from regulars.project import check_target, published_folder

GRAINS = {
    "customers": "one row per customer: RFM scores and segment",
    "customer_scores": "one row per customer: the latest scores side by side",
    "customer_score_history": "one row per customer, prediction and day",
    "customer_score_changes": "one row per customer, prediction and day that crossed a threshold",
    "customer_score_reasons": "one row per customer, prediction and reason of the score",
    "customer_timeline": "one row per event",
    "journey_sizes": "one row per week and journey stage: customers in it",
    "journey_transitions": "one row per week and two stages: customers from one to the other",
    "model_performance": "one row per prediction, judged day and segment: how right scores were",
    "feature_drift": "one row per prediction and feature: how far it moved since the training",
    "score_drift": "one row per prediction: how far scores moved since the champion's first day",
    "model_registry": "one row per training: data, figures, outcome",
    "input_row_accounting": "where every row that was read went",
    "publication": "this publication: run, day, generation, models",
}

# a query sees this file alone: it writes no other, and reads none of this process's variables
CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "python_enable_replacements": False,
}


@click.group()
def publication() -> None:
    """See what is published, and go back to what was."""


@publication.command(epilog="Example:  regulars publication show --target retail")
@click.option("--target", default="demo", show_default=True, help="The target of profiles.yml.")
def show(target: str) -> None:
    """List the tables that BI reads, and the file they are in."""
    file = _published_file(target)
    with _open(file) as published:
        try:
            ((as_of_date, generation),) = published.execute(
                "select as_of_date, generation from publication"
            ).fetchall()
            names = [row[0] for row in published.execute("show tables").fetchall()]
            counts = {
                name: published.execute(f"select count(*) from {name}").fetchall()[0][0]
                for name in names
            }
        except duckdb.Error as error:
            raise UserError(f"{file} can't be read: {str(error).splitlines()[0]}") from error
    table = _table()
    table.add_column("table")
    table.add_column("rows", justify="right")
    table.add_column("what it holds")
    for name in [*GRAINS, *sorted(set(names) - set(GRAINS))]:
        if name in counts:
            table.add_row(name, f"{counts[name]:,}", GRAINS.get(name, ""))
    console = Console(width=100, highlight=False)
    console.print(f"Published for {target}: as of {as_of_date}, generation {generation}\n")
    console.print(table)
    console.print(f"\nRead them from  {file}", soft_wrap=True)
    program = "regulars" if shutil.which("regulars") else sys.argv[0]
    chosen = "" if target == "demo" else f" --target {target}"
    console.print(
        f"For a look      {program} publication query{chosen}"
        ' "select * from customer_scores limit 5"',
        soft_wrap=True,
    )


@publication.command("list", epilog="Example:  regulars publication list --target retail")
@click.option("--target", default="demo", show_default=True, help="The target of profiles.yml.")
def list_(target: str) -> None:
    """List the generations that are kept; ● is what BI reads."""
    check_target(target)
    kept = generations(published_folder(target))
    if not kept:
        raise UserError(f"No generation is kept for {target} yet: run regulars build first.")
    table = _table()
    table.add_column("")
    table.add_column("generation", justify="right")
    table.add_column("as of")
    table.add_column("published at (UTC)")
    table.add_column("run")
    table.add_column("size", justify="right")
    for one in kept:
        table.add_row(
            "●" if one.is_current else "",
            str(one.number),
            str(one.as_of_date or "no events"),
            f"{one.published_at:%Y-%m-%d %H:%M:%S}",
            one.run_id,
            decimal(one.size),
        )
    console = Console(width=100, highlight=False)
    console.print(table)
    if not any(one.is_current for one in kept):
        console.print("\nBI reads none of these: roll back to one, or build.")


@publication.command(epilog="Example:  regulars publication rollback 12")
@click.argument("number", type=int)
@click.option("--target", default="demo", show_default=True, help="The target of profiles.yml.")
def rollback(number: int, target: str) -> None:
    """Give BI a generation that is kept, NUMBER, until the next build publishes anew."""
    check_target(target)
    folder = published_folder(target)
    chosen = kept_generation(folder, number)
    now = "already"
    if not chosen.is_current:
        _check_generation(chosen)
        roll_back(folder, number)
        now = "now"
    click.echo(
        f"BI {now} reads generation {number} (as of {chosen.as_of_date or 'no events'},"
        f" run {chosen.run_id}); the next green build publishes anew."
    )


@publication.command(
    epilog='Example:  regulars publication query "select rfm_segment, count(*) from customers'
    ' group by all"'
)
@click.argument("sql")
@click.option("--target", default="demo", show_default=True, help="The target of profiles.yml.")
def query(sql: str, target: str) -> None:
    """Run one SQL query on the published tables; nothing can be changed."""
    with _open(_published_file(target)) as published:
        try:
            answer = published.sql(sql)
            if answer is None:
                raise UserError("That query returns nothing: give one select.")
            click.echo(str(answer))
        except duckdb.Error as error:
            raise UserError(str(error).splitlines()[0]) from error


def _published_file(target: str) -> Path:
    check_target(target)
    file = published_folder(target) / FILE
    if not file.exists():
        raise UserError(f"Nothing is published for {target} yet: run regulars build first.")
    return file


def _check_generation(chosen: Generation) -> None:
    """Opens a generation's file and compares what it says of itself with its name.

    Raises:
        UserError: when it can't be opened, or is another publication.
    """
    with _open(chosen.file) as kept:
        try:
            rows = kept.execute("select generation, as_of_date, run_id from publication").fetchall()
        except duckdb.Error as error:
            raise UserError(f"{chosen.file} can't be read: {str(error).splitlines()[0]}") from error
    if rows != [(chosen.number, chosen.as_of_date, chosen.run_id)]:
        raise UserError(f"{chosen.file} isn't the publication that it is named for: delete it.")


def _table() -> Table:
    return Table(box=None, pad_edge=False, header_style="bold")


def _open(file: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(file), read_only=True, config=CLOSED)
    except duckdb.Error as error:
        raise UserError(f"{file} can't be read: {str(error).splitlines()[0]}") from error
