"""Churn in the made-up company: the model beside the true hazard, and beside rules.

The world is built once; at each test date the booster learns from the snapshots whose label
windows had closed. The truth knows at what rate each person buys at that moment, as
benchmarks.predictability has it: no history of orders tells that much. Who is judged is who the
project takes for one customer, if only one person stands behind them, on the project's own labels.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
import duckdb
import numpy as np
import yaml
from sklearn.metrics import roc_auc_score

from benchmarks import churn
from benchmarks.bootstrap import difference, resampled
from benchmarks.identity.world import World
from benchmarks.made_up import ORDERS
from benchmarks.predictability import QUESTION, true_churn
from benchmarks.retail import Day
from regulars.engines.duckdb import DuckDBEngine
from regulars.project import project_folder
from regulars.training.matrix import Matrix, read_training_matrix
from regulars.training.metrics import calibration_error, weighted_aucs

HORIZON_DAYS = 90
TEST_DATES = 6
SEEDS = (1,)
NAMES = ("true hazard", churn.OURS, "RFM rules")
# the one person behind a customer's orders
PERSONS = """
select customer_id, min(person_id) as person_id
from timeline.timeline_orders inner join truth.orders using (order_id)
group by customer_id having count(distinct person_id) = 1
"""


@dataclass(frozen=True)
class Asked:
    """Rows whose outcome is known: what the project knows of them, and who they really are."""

    matrix: Matrix
    customers: np.ndarray
    persons: np.ndarray


def asked(con: duckdb.DuckDBPyConnection) -> Asked:
    """The training view of churn; a person of -1 where several stand behind a customer."""
    matrix = read_training_matrix(
        DuckDBEngine(con), con.sql("select * from training.training_churn")
    )
    rows = con.sql(
        f"select customer_id::varchar as customer, coalesce(person_id, -1) as person"
        f" from training.training_churn left join ({PERSONS}) using (customer_id)"
        " where label is not null order by as_of_date, customer_id"
    ).fetchnumpy()
    return Asked(matrix, rows["customer"].astype(str), np.asarray(rows["person"], np.int64))


def true_chances(con: duckdb.DuckDBPyConnection, today: date) -> dict[int, float]:
    """P(no order in the horizon) of each person who bought within the year before."""
    sql = QUESTION.replace("$today", f"date '{today}'").replace("$horizon", str(HORIZON_DAYS))
    sql = sql.replace("main.orders", "memory.main.orders")
    sql = sql.replace("(came.person_id is null)::int as churned,", "person_id,")
    found = con.execute(sql).fetchnumpy()
    since, ahead, shape = (
        np.asarray(found[name], np.float64) for name in ("expected_since", "expected", "gap_shape")
    )
    return dict(zip(found["person_id"].tolist(), true_churn(since, ahead, shape), strict=True))


def hazard(customers: int, years: int, home: Path) -> None:
    """Makes and builds a world unless `home` has it, and prints Markdown."""
    world = _world(home, customers, years)
    with duckdb.connect() as con:
        con.execute(f"attach '{world.file}' as warehouse (read_only)").fetchall()
        con.execute("use warehouse").fetchall()
        con.execute(ORDERS.replace("create table orders", "create table memory.main.orders"))
        report(con)


def report(con: duckdb.DuckDBPyConnection) -> None:
    """A line per test date, then means with their noise."""
    rows = asked(con)
    dates = rows.matrix.dates
    settings = project_settings()
    back = settings["snapshot_count"] * settings["snapshot_every_days"]
    click.echo("| test date | customers | churn | true hazard | Regulars | RFM rules | ECE |")
    click.echo("|---|---|---|---|---|---|---|")
    people, labels, errors = [], [], []
    scores: dict[str, list[list[np.ndarray]]] = {name: [] for name in NAMES}
    for day in np.unique(dates)[-TEST_DATES:]:
        truth = true_chances(con, day.item() + timedelta(days=1))
        judged = (dates == day) & np.isin(rows.persons, list(truth))
        ages = (day - dates).astype(int)
        known = rows.matrix.where((ages >= HORIZON_DAYS) & (ages <= back))
        here, present = rows.matrix.where(judged), rows.matrix.where(dates == day)
        outcome = here.labels.astype(int)
        test_date = day.item() + timedelta(days=1)
        case = Day(test_date, rows.customers[judged], known, here.values, outcome)
        # calibrated on everybody who is scored that day, as the project does it
        everybody = Day(
            test_date, rows.customers[dates == day], known, present.values, present.labels
        )
        model = [
            one[judged[dates == day]]
            for one in churn.calibrated(everybody, churn.trained(everybody, SEEDS))
        ]
        true = np.array([truth[person] for person in rows.persons[judged].tolist()])
        found = dict(zip(NAMES, ([true], model, churn.rules(case)), strict=True))
        for name in NAMES:
            scores[name].append(found[name])
        people.append(case.customers)
        labels.append(outcome)
        errors.append(float(np.mean([calibration_error(outcome, one) for one in model])))
        aucs = [np.mean([roc_auc_score(outcome, one) for one in found[name]]) for name in NAMES]
        shown = " | ".join(f"{auc:.3f}" for auc in aucs)
        click.echo(
            f"| {test_date} | {len(outcome):,} | {outcome.mean():.3f} | {shown}"
            f" | {errors[-1]:.3f} |"
        )
    drawn = {
        name: resampled(people, labels, found, weighted_aucs) for name, found in scores.items()
    }
    shown = " | ".join(
        "{:.3f} [{:.3f}, {:.3f}]".format(one[0], *np.quantile(one[1:], [0.025, 0.975]))
        for one in drawn.values()
    )
    click.echo(f"| mean [95% interval] | | | {shown} | {np.mean(errors):.3f} |")
    kept = np.mean(rows.persons >= 0)
    click.echo(f"\nOf the rows {kept:.1%} have one person behind them.")
    true_one, ours, rules = (drawn[name] for name in NAMES)
    click.echo(f"The true hazard over Regulars: {difference(true_one, ours)}  (asked ≤ .015)")
    click.echo(f"Regulars over RFM rules: {difference(ours, rules)}  (asked ≥ .02)")


def _world(home: Path, customers: int, years: int) -> World:
    world = World(home, "demo", project_folder())
    if not world.file.exists():
        world = World.of_demo(home, customers, years)
        # a run of each test date would have had as many snapshots as today's has
        settings = project_settings()
        steps = settings["snapshot_count"] + HORIZON_DAYS // settings["snapshot_every_days"]
        steps += TEST_DATES - 1
        choices = f"{{snapshot_count: {steps}, retrain: true}}"
        world.build("--select", "+training_churn", "--vars", choices)
    return world


def project_settings() -> dict[str, Any]:
    """The vars of dbt_project.yml."""
    settings: dict[str, Any] = yaml.safe_load((project_folder() / "dbt_project.yml").read_text())[
        "vars"
    ]
    return settings
