"""`regulars features`: what is known of the features."""

import click

from regulars.features.reference import PAGE, declared_features, page_of
from regulars.project import project_folder


@click.group()
def features() -> None:
    """What is known of the features."""


@features.command(epilog="Example:  regulars features docs")
def docs() -> None:
    """Write the reference page of the features from their YAML.

    It tells the meaning, formula and unit of each, and what it is when nothing is known.
    """
    project = project_folder()
    declared = declared_features(project)
    page = project / PAGE
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(page_of(declared), encoding="utf-8")
    click.echo(f"{len(declared)} features stand in {page}")
