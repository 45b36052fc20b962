"""Who is one person: precision and recall, glued clusters, and speed.

Usage:  python -m benchmarks.identity accuracy DATA [--customers 50000] [--years 3]
        python -m benchmarks.identity glue [--records 1000000] [--shared-emails .04]
        python -m benchmarks.identity speed [--people 1000000 --people 5000000]
        make bench-identity DATA=FOLDER; make bench-identity-glue; make bench-identity-speed

Each data set becomes a source of a copy of the project, by a staging folder like a user's own, and
is run through the models that users run. Prints Markdown.
"""

import tempfile
from pathlib import Path

import click

from benchmarks.identity.accuracy import accuracy
from benchmarks.identity.glue import glue
from benchmarks.identity.speed import speed

keep = click.option(
    "--home", type=click.Path(path_type=Path), help="Keep the worlds in this folder."
)


@click.group(help=__doc__)
def main() -> None:
    """The commands."""


@main.command("accuracy")
@click.argument(
    "data",
    envvar="REGULARS_DATA",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
)
@click.option("--customers", default=50_000, show_default=True)
@click.option("--years", default=3, show_default=True)
@keep
def accuracy_command(data: Path, customers: int, years: int, home: Path | None) -> None:
    """Precision and recall. DATA (or REGULARS_DATA): the folder with the public data sets."""
    with tempfile.TemporaryDirectory() as temporary:
        accuracy(data, customers, years, home or Path(temporary))


@main.command("glue")
@click.option("--records", default=1_000_000, show_default=True)
@click.option(
    "--shared-emails", default=0.04, show_default=True, help="Share of records with a stranger's."
)
@keep
def glue_command(records: int, shared_emails: float, home: Path | None) -> None:
    """Whether common names, households and shared e-mails glue people together."""
    with tempfile.TemporaryDirectory() as temporary:
        glue(records, shared_emails, home or Path(temporary))


@main.command("speed")
@click.option("--people", default=[1_000_000], show_default=True, multiple=True)
@keep
def speed_command(people: tuple[int, ...], home: Path | None) -> None:
    """Ties by shared identifiers beside one hash aggregate of the same rows."""
    with tempfile.TemporaryDirectory() as temporary:
        speed(list(people), home or Path(temporary))


if __name__ == "__main__":
    main()
