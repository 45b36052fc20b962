"""Reasons: how far approximate ones agree with exact ones, and what both cost.

Usage:  python -m benchmarks.reasons [--customers 20000] [--home FOLDER]

A made-up world is built, and both ways are asked about every customer that the champions score.
Speed is that of the whole scoring, from the view to the rows that are written, on the same
customers again and again; memory is the most that a process which does nothing else takes. Prints
Markdown.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import duckdb
import numpy as np

from regulars.engines.duckdb import DuckDBEngine
from regulars.scoring.reasons import strongest
from regulars.scoring.score import Champion, champion_row, score_current
from regulars.training.matrix import selected, to_values
from tests.worlds import World

PREDICTIONS = ("churn", "purchase")
SPEED_OF = "churn"


@click.command()
@click.option("--customers", default=20_000, show_default=True)
@click.option("--home", type=click.Path(path_type=Path), help="Keep the world in this folder.")
@click.option("--measure", nargs=2, type=(str, int), hidden=True)
def main(customers: int, home: Path | None, measure: tuple[str, int] | None) -> None:
    """Builds a world and prints what its reasons are worth."""
    if measure and home:
        click.echo(json.dumps(_scored(_file(home), *measure)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = home or Path(temporary)
        if not _file(folder).exists():
            world = World(folder, "demo")
            world.regulars("demo", "--customers", str(customers))
            world.regulars("build")
        _print_agreement(_file(folder))
        _print_costs(folder)


def _file(home: Path) -> Path:
    return home / "warehouse" / "demo.duckdb"


def models_of(
    con: duckdb.DuckDBPyConnection,
) -> tuple[duckdb.DuckDBPyRelation, duckdb.DuckDBPyRelation]:
    """The relations `champions` and `model_boosters`."""
    return con.sql("from training.champions"), con.sql("from training.model_boosters")


def _print_agreement(file: Path) -> None:
    click.echo(
        "| prediction | customers | of the five in common | first the same | same direction |"
    )
    click.echo("|---|---|---|---|---|")
    with duckdb.connect(str(file), read_only=True) as con:
        engine = DuckDBEngine(con)
        for prediction in PREDICTIONS:
            row = champion_row(engine, prediction, *models_of(con))
            champion = Champion.from_row(row) if row else None
            if not champion or not champion.model:
                raise click.ClickException(f"Nothing could be learnt of {prediction}.")
            features, model = champion.features, champion.model
            view = con.sql(f"select * from training.training_{prediction}")
            columns = selected(features, champion.categories)
            table = engine.read(view, columns=columns, where="is_current")
            values = to_values(table, features, champion.categories)
            added = {way: model.contributions(values, way) for way in ("approximate", "exact")}
            places = {way: strongest(found, values).places for way, found in added.items()}
            approximate, exact = places["approximate"], places["exact"]
            common = approximate[:, :, None] == exact[:, None, :]
            first = (approximate[:, 0] == exact[:, 0]).mean()
            signs = {
                way: np.sign(np.take_along_axis(found, approximate, axis=1))
                for way, found in added.items()
            }
            same = (signs["approximate"] == signs["exact"]).mean()
            click.echo(
                f"| {prediction} | {len(values):,} | {common.any(axis=2).mean():.1%}"
                f" | {first:.1%} | {same:.1%} |"
            )


def _print_costs(home: Path) -> None:
    click.echo(
        "\n| reasons | customers | seconds | customers a second | CPU seconds | peak memory |"
    )
    click.echo("|---|---|---|---|---|---|")
    for reasons, copies in (
        *(("none", 200_000), ("none", 1_000_000)),
        *(("approximate", 200_000), ("approximate", 1_000_000)),
        ("exact", 50_000),
    ):
        command = [sys.executable, "-m", "benchmarks.reasons", "--home", str(home)]
        done = subprocess.run(
            [*command, "--measure", reasons, str(copies)],
            env=os.environ,
            capture_output=True,
            text=True,
            check=True,
        )
        scored, seconds, worked, gigabytes = json.loads(done.stdout.splitlines()[-1])
        click.echo(
            f"| {reasons} | {scored:,} | {seconds:.1f} | {scored / seconds:,.0f}"
            f" | {worked:.1f} | {gigabytes:.2f} GB |"
        )


def _scored(file: Path, reasons: str, customers: int) -> tuple[int, float, float, float]:
    """Scores about so many customers: how many, seconds, seconds of all cores, gigabytes."""
    with duckdb.connect(str(file), read_only=True) as con:
        con.execute("set memory_limit = '500MB'").fetchall()
        ((known,),) = con.execute(
            f"select count(*) from training.training_{SPEED_OF} where is_current"
        ).fetchall()
        view = con.sql(
            f"select * exclude (range) from training.training_{SPEED_OF}"
            f" cross join range({customers // known}) where is_current"
        )
        champions, boosters = models_of(con)
        words = con.sql("select * from scores.score_reason_words")
        began, worked = time.perf_counter(), time.process_time()
        scored = 0
        for batch in score_current(
            DuckDBEngine(con), SPEED_OF, champions, boosters, view, words, reasons
        ):
            scored += batch.num_rows
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
    return scored, seconds, worked, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
