"""The `regulars load` group."""

from pathlib import Path

import click

from regulars.loading.online_retail import load_online_retail
from regulars.loading.own_files import load_own_files

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.group()
def load() -> None:
    """Load files into the raw tables of a target."""


@load.command("online-retail")
@FILES
@click.option("--target", default="retail", show_default=True, help="The target to load into.")
def online_retail(files: tuple[Path, ...], target: str) -> None:
    """Load UCI's Online Retail II, from the file as published or from CSV or Parquet files.

    Replaces raw_online_retail.transactions. All FILES must be given at once; when one
    of them can't be read in full, the table stays as it was.

    \b
    Examples:
      regulars load online-retail online_retail_II.xlsx
      regulars load online-retail year_2009_2010.csv year_2010_2011.csv
    """
    load_online_retail(list(files), target)


@load.command("files")
@FILES
@click.option("--source", required=True, help="Name of the source: files go to schema raw_NAME.")
@click.option("--target", default="prod", show_default=True, help="The target to load into.")
def own_files(files: tuple[Path, ...], source: str, target: str) -> None:
    """Load your own CSV or Parquet files, one raw table per file.

    A file becomes the table raw_<source>.<file name>; names are turned into snake_case.
    CSV columns are text, Parquet columns keep their types. Tables of the same name are
    replaced, all of them or none.

    \b
    Examples:
      regulars load files --source shop orders.csv customers.parquet
      regulars load files --source crm --target dev "Person Records.csv"
    """
    load_own_files(list(files), source, target)
