"""What each group of features adds, out of time: Online Retail II and a made-up world.

Usage:  python -m benchmarks.ablation FILE… (UCI's files: xlsx, CSV or Parquet)
        make bench-ablation DATA="file file"

Each world is built once, with snapshots every 30 days; features of a snapshot see nothing past
it, so one build serves all test dates. At each test date a booster learns, with the project's
parameters, from the snapshots that a run of that day would have had: those of the 16 before it
whose label windows have passed. A feature's group is that of the model that brings it. Gains
over RFMT are means over dates and seeds; their 95% intervals are bootstrapped over customers,
all groups and all dates with the same draws. Prints Markdown.
"""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb
import numpy as np
import yaml

from benchmarks.churn import project_parameters
from benchmarks.identity.world import World
from regulars.engines.duckdb import DuckDBEngine
from regulars.project import project_folder
from regulars.training.booster import fit, predict
from regulars.training.matrix import Matrix, read_training_matrix
from regulars.training.metrics import weighted_aucs

# each with what the ones before it have; what no model here brings is in the last alone
GROUPS = {
    "RFMT": ["rfmt"],
    "+ windows": [
        "purchases",
        "products",
        "breadth",
        "prices",
        "returns",
        "browsing",
        "messages",
        "channels",
        "engagement",
    ],
    "+ sequence, rhythm, season": ["sequence", "rhythm", "season", "habits"],
}
ALL = "all"
PREDICTIONS = ("churn", "purchase")
FIRST_STEP = 3  # the newest day whose churn is known: 90 days before the last one
RESAMPLES = 500
Metric = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Asked:
    """One prediction in one world.

    Attributes:
        matrix: every row whose label is known, all features.
        customers: each row's customer, counted from 0.
        groups: the features of each group, in words that add up.
    """

    matrix: Matrix
    customers: np.ndarray
    groups: dict[str, list[str]]


@dataclass(frozen=True)
class Judged:
    """One test date: who was scored, what came, and each group's scores, one per seed."""

    customers: np.ndarray
    labels: np.ndarray
    scores: dict[str, list[np.ndarray]]


def built(world: World, steps: int) -> dict[str, Asked]:
    """The training views of a world, with so many past snapshots."""
    views = [f"+training_{name}" for name in PREDICTIONS]
    world.build("--select", *views, "--vars", f"{{snapshot_count: {steps}, retrain: true}}")
    with world.connect() as con:
        groups = features_by_group(con)
        return {name: asked(con, name, groups) for name in PREDICTIONS}


def asked(con: duckdb.DuckDBPyConnection, prediction: str, groups: dict[str, list[str]]) -> Asked:
    """Reads a training view."""
    view = con.sql(f"select * from training.training_{prediction}")
    matrix = read_training_matrix(DuckDBEngine(con), view)
    ids = con.sql(
        f"select customer_id from training.training_{prediction} where label is not null"
        " order by as_of_date, customer_id"
    ).fetchnumpy()["customer_id"]
    _, numbers = np.unique(ids.astype(str), return_inverse=True)
    return Asked(matrix, numbers, groups)


def features_by_group(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Which columns of customer_features the models of a group and of those before it bring."""
    every = con.sql("select * from features.customer_features").columns[2:]
    tables = con.sql(
        "select table_name, column_name from duckdb_columns() where schema_name = 'features'"
    ).fetchall()
    groups: dict[str, list[str]] = {}
    models: set[str] = set()
    for name, families in GROUPS.items():
        models.update(f"feature_{family}" for family in families)
        brought = {column for table, column in tables if table in models}
        groups[name] = [column for column in every if column in brought]
    return {**groups, ALL: every}


def judged(one: Asked, prediction: str, dates: int, seeds: int) -> list[Judged]:
    """Trains every group at every test date."""
    settings = yaml.safe_load((project_folder() / "dbt_project.yml").read_text())["vars"]
    horizon = settings["predictions"][prediction]["horizon_days"]
    back = settings["snapshot_every_days"] * settings["snapshot_count"]
    parameters = project_parameters()
    known = np.unique(one.matrix.dates)[::-1]
    newest = FIRST_STEP - horizon // settings["snapshot_every_days"]
    found = []
    for day in known[newest : newest + dates]:
        ages = (day - one.matrix.dates).astype(int)
        past = one.matrix.where((ages >= horizon) & (ages <= back))
        present = one.matrix.dates == day
        scores = {}
        for group, names in one.groups.items():
            narrowed = past.only(names)
            values = one.matrix.where(present).only(names).values
            scores[group] = [
                predict(fit(narrowed, {**parameters, "seed": seed}), values)
                for seed in range(1, seeds + 1)
            ]
        found.append(Judged(one.customers[present], one.matrix.labels[present], scores))
        click.echo(f"  {prediction} {day}: {len(past):,} rows to learn from", err=True)
    return found


def weighted_precisions(labels: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Average precisions of the same scores when each row counts as often as `weights` say.

    The mean precision at each score, from the highest on, by how many positives have it.
    """
    order = np.argsort(-scores, kind="stable")
    firsts = np.flatnonzero(np.diff(scores[order], prepend=np.inf))
    positive = np.add.reduceat(weights[:, order] * labels[order], firsts, axis=1)
    rows = np.add.reduceat(weights[:, order], firsts, axis=1)
    precision = np.cumsum(positive, axis=1) / np.maximum(np.cumsum(rows, axis=1), 1)
    return np.asarray((positive * precision).sum(axis=1) / positive.sum(axis=1))


def over_dates(days: list[Judged], group: str, metric: Metric) -> np.ndarray:
    """The mean over dates and seeds: first of the rows as they are, then of each resample."""
    random = np.random.default_rng(1)
    people = 1 + max(int(day.customers.max()) for day in days)
    drawn = random.multinomial(people, np.full(people, 1 / people), RESAMPLES)
    weights = np.vstack([np.ones((1, people), dtype=drawn.dtype), drawn])
    means = [
        metric(day.labels, scores, weights[:, day.customers])
        for day in days
        for scores in day.scores[group]
    ]
    return np.asarray(np.mean(means, axis=0))


def report(name: str, one: Asked, days: list[Judged]) -> None:
    """One table: a line per group."""
    rows = sum(len(day.labels) for day in days)
    click.echo(f"\n**{name}**: {len(days)} test dates, {rows:,} rows judged\n")
    click.echo(
        "| features | how many | AUC | gain over RFMT | average precision | gain over RFMT |"
    )
    click.echo("|---|---|---|---|---|---|")
    first: dict[Metric, np.ndarray] = {}
    for group, names in one.groups.items():
        cells = []
        for metric in (weighted_aucs, weighted_precisions):
            means = over_dates(days, group, metric)
            gains = means - first.setdefault(metric, means)
            low, high = np.quantile(gains[1:], [0.025, 0.975])
            cells.append(f"{means[0]:.4f}")
            cells.append(f"{gains[0]:+.4f} [{low:+.4f}, {high:+.4f}]" if gains.any() else "")
        click.echo(f"| {group} | {len(names)} | " + " | ".join(cells) + " |")


@click.command(help=__doc__)
@click.argument("files", nargs=-1, type=click.Path(exists=True, resolve_path=True))
@click.option("--customers", default=20_000, show_default=True, help="In the made-up world.")
@click.option("--years", default=3, show_default=True)
@click.option("--dates", default=7, show_default=True, help="Test dates, 30 days apart.")
@click.option("--seeds", default=3, show_default=True)
@click.option("--home", type=click.Path(path_type=Path), help="Keep the worlds in this folder.")
def main(
    files: tuple[str, ...], customers: int, years: int, dates: int, seeds: int, home: Path | None
) -> None:
    """A table per world and prediction."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = home or Path(temporary)
        settings = yaml.safe_load((project_folder() / "dbt_project.yml").read_text())["vars"]
        steps = FIRST_STEP + dates - 1 + settings["snapshot_count"]
        worlds = {}
        if files:
            retail = World(folder / "retail", "retail", project_folder())
            retail.command("regulars", "load", "online-retail", *files)
            worlds["Online Retail II"] = built(retail, steps)
        if customers:
            demo = World.of_demo(folder / "demo", customers, years)
            worlds[f"the made-up company, {customers:,} people"] = built(demo, steps)
        for world, predictions in worlds.items():
            for prediction, one in predictions.items():
                days = judged(one, prediction, dates, seeds)
                report(f"{prediction.capitalize()}, {world}", one, days)
    click.echo(f"\nLoad at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


if __name__ == "__main__":
    main()
