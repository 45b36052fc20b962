"""`regulars publication`: what BI reads now."""

import shutil
import sys
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.table import Table

from regulars.errors import UserError
from regulars.project import check_target, published_folder

GRAINS = {
    "customers": "one row per customer: RFM scores and segment",
    "customer_scores": "one row per customer: the latest scores side by side",
    "customer_score_history": "one row per customer, prediction and day",
    "customer_timeline": "one row per event",
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
    """See what is published."""


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
    table = Table(box=None, pad_edge=False, header_style="bold")
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
    file = published_folder(target) / "regulars.duckdb"
    if not file.exists():
        raise UserError(f"Nothing is published for {target} yet: run regulars build first.")
    return file


def _open(file: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(file), read_only=True, config=CLOSED)
    except duckdb.Error as error:
        raise UserError(f"{file} can't be read: {str(error).splitlines()[0]}") from error
