"""`regulars identity`: read how records were matched into customers."""

from pathlib import Path

import click

from regulars.engines.duckdb_reading import read_warehouse
from regulars.project import check_target, project_folder


@click.group()
def identity() -> None:
    """Read how records were matched into customers."""


@identity.command(epilog="Example:  regulars identity docs --target retail")
@click.option("--target", default="demo", show_default=True, help="The target of profiles.yml.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Where the page goes. Default: target/identity_docs in the project.",
)
def docs(target: str, folder: Path | None) -> None:
    """Write a page that says how records were matched.

    What ties them, how sure that is, what was refused, and what agreement weighs, in the last
    build: counts and weights, and nobody's details. Nothing is fetched from the network, then
    or when it is read.
    """
    # Splink takes a second
    from regulars.identity.docs.figures import read_figures
    from regulars.identity.docs.page import write_page

    check_target(target)
    with read_warehouse(target) as warehouse:
        figures = read_figures(warehouse, target)
    index = write_page(figures, target, folder or project_folder() / "target" / "identity_docs")
    known = figures.customers
    held = sum(tied.held for tied in figures.tied_by)
    refused = sum(tied.refused for tied in figures.tied_by)
    click.echo(
        f"{known.records:,} records are {known.customers:,} customers: {held:,} ties hold,"
        f" {refused:,} refused."
    )
    click.echo(f"Open {index}")
