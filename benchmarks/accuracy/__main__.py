"""How right scores are, beside other models.

Usage:  python -m benchmarks.accuracy retail FILE… [--home FOLDER]
        python -m benchmarks.accuracy tuning FILE… [--home FOLDER]
        python -m benchmarks.accuracy cdnow FILE
        python -m benchmarks.accuracy hazard [--customers 20000] [--home FOLDER]
        make bench-accuracy DATA="file file" CDNOW=file

`retail` sets churn on Online Retail II beside LightGBM, CatBoost and a net on weekly steps,
`tuning` the way that parameters are found beside grid and random search; `cdnow` sets purchases
and spend beside BG/NBD and Gamma-Gamma, `hazard` churn in the made-up company beside the truth.
What other models need stands in requirements.txt. Prints Markdown.
"""

import tempfile
from pathlib import Path

import click

keep = click.option(
    "--home", type=click.Path(path_type=Path), help="Keep what was built in this folder."
)
uci = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, resolve_path=True)
)


@click.group(help=__doc__)
def main() -> None:
    """The commands."""


@main.command("retail")
@uci
@keep
def retail_command(files: tuple[str, ...], home: Path | None) -> None:
    """Churn out of time beside other models. FILES: UCI's files (xlsx, CSV or Parquet)."""
    from benchmarks.accuracy.churn_peers import churn_peers

    with tempfile.TemporaryDirectory() as temporary:
        churn_peers(list(files), home or Path(temporary))


@main.command("tuning")
@uci
@keep
def tuning_command(files: tuple[str, ...], home: Path | None) -> None:
    """TPE beside grid and random search. FILES: UCI's files (xlsx, CSV or Parquet)."""
    from benchmarks.accuracy.searches import searches

    with tempfile.TemporaryDirectory() as temporary:
        searches(list(files), home or Path(temporary))


@main.command("cdnow")
@click.argument("file", type=click.Path(exists=True, resolve_path=True, path_type=Path))
def cdnow_command(file: Path) -> None:
    """Purchases and spend on CDNOW. FILE: the 1/10 sample as Parquet (customer_id, dt, amount)."""
    from benchmarks.accuracy.cdnow import cdnow

    cdnow(file)


@main.command("hazard")
@click.option("--customers", default=20_000, show_default=True)
@click.option("--years", default=3, show_default=True)
@keep
def hazard_command(customers: int, years: int, home: Path | None) -> None:
    """Churn in the made-up company, beside what its truth says."""
    from benchmarks.accuracy.hazard import hazard

    with tempfile.TemporaryDirectory() as temporary:
        hazard(customers, years, home or Path(temporary))


if __name__ == "__main__":
    main()
