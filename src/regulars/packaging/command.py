"""`regulars snowflake`: what Snowflake needs of this machine beside dbt."""

from pathlib import Path

import click

from regulars.engines.snowflake_package import write_package
from regulars.gates.suites import suites_folder
from regulars.project import home


@click.group()
def snowflake() -> None:
    """Prepare what runs inside Snowflake."""


@snowflake.command(epilog="Example:  regulars snowflake package")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Where the zip goes. Default: target, beside warehouse and published.",
)
def package(folder: Path | None) -> None:
    """Write the zip of this project's Python that models import there.

    Every dbt run on Snowflake writes it by itself and puts it on the stage code.python. By hand
    it is for those who look into it, or put it on a stage of their own.
    """
    file = write_package(folder or home() / "target", suites_folder())
    click.echo(f"{file} ({file.stat().st_size / 1000:,.0f} kB)")
