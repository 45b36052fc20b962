"""Ways to look for parameters, with as many trials each, in the space of `tune: true`.

A trial is judged by its mean AUC on days whose outcomes were known before the first test date, as
the project judges it; what each way likes best then learns and scores at every test date.
"""

from collections.abc import Mapping
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import click
import numpy as np
import optuna
from sklearn.metrics import roc_auc_score

from benchmarks import churn
from benchmarks.accuracy.cases import Case, Sample, earlier_days, read_cases
from benchmarks.bootstrap import difference, resampled
from regulars.training.booster import fit, predict
from regulars.training.metrics import weighted_aucs
from regulars.training.tuning import SPACE, WHOLE_SPACE

TEST_DATES: list[date] = churn.TEST_DATES
EARLIER_DAYS = 2
SEARCH_SEEDS = (1,)
# as many points as there are trials: two values of what matters most, the middle of the rest
GRID: list[dict[str, Any]] = [
    {
        "rounds": rounds,
        "max_depth": depth,
        "learning_rate": rate,
        "colsample_bytree": share,
        "min_child_weight": 20.0,
        "subsample": 1.0,
        "reg_lambda": 1.0,
    }
    for rounds, depth, rate, share in product((100, 300), (3, 6), (0.03, 0.1), (0.1, 0.5))
]
TRIALS = len(GRID)
DELIVERED, TPE = "as delivered", "TPE"
Days = list[tuple[Sample, Sample]]


def space() -> dict[str, optuna.distributions.BaseDistribution]:
    """What the project's own tuning searches."""
    whole = {
        name: optuna.distributions.IntDistribution(int(low), int(high), log=by_magnitude)
        for name, (low, high, by_magnitude, _) in WHOLE_SPACE.items()
    }
    return whole | {
        name: optuna.distributions.FloatDistribution(low, high, log=by_magnitude)
        for name, (low, high, by_magnitude, _) in SPACE.items()
    }


def value_of(tried: Mapping[str, Any], days: Days) -> float:
    """The mean AUC on earlier days."""
    parameters = {**churn.project_parameters(), **tried}
    aucs = []
    for learn, judged in days:
        booster = fit(learn.matrix, parameters, judged.matrix.dates[0].item())
        aucs.append(roc_auc_score(judged.matrix.labels, predict(booster, judged.matrix.values)))
    return float(np.mean(aucs))


def searched(sampler: optuna.samplers.BaseSampler, days: Days) -> tuple[float, dict[str, Any]]:
    """The best of TRIALS that a sampler proposes: its value on earlier days, and what it is."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    for _ in range(TRIALS):
        trial = study.ask(space())
        study.tell(trial, value_of(trial.params, days))
    return study.best_value, study.best_params


def gridded(days: Days) -> tuple[float, dict[str, Any]]:
    """The best point of the grid; the first of equals."""
    values = [value_of(point, days) for point in GRID]
    place = int(np.argmax(values))
    return values[place], GRID[place]


def scored(cases: list[Case], tried: Mapping[str, Any]) -> list[np.ndarray]:
    """Scores at every test date with some parameters."""
    parameters = {**churn.project_parameters(), **tried, "seed": 1}
    return [
        predict(fit(case.past.matrix, parameters, case.known), case.today.matrix.values)
        for case in cases
    ]


def searches(files: list[str], home: Path) -> None:
    """Searches in every way, scores the test dates, and prints Markdown."""
    cases = read_cases(files, TEST_DATES, home)
    days = list(earlier_days(cases[0], EARLIER_DAYS))
    found: dict[str, list[tuple[float, dict[str, Any]]]] = {
        DELIVERED: [(value_of({}, days), {})],
        TPE: [searched(optuna.samplers.TPESampler(seed=seed), days) for seed in SEARCH_SEEDS],
        "random": [searched(optuna.samplers.RandomSampler(seed), days) for seed in SEARCH_SEEDS],
        "grid": [gridded(days)],
    }
    customers, labels = [case.customers for case in cases], [case.labels for case in cases]
    drawn = {}
    for name, bests in found.items():
        by_search = [scored(cases, tried) for _, tried in bests]
        by_date = [list(one) for one in zip(*by_search, strict=True)]
        drawn[name] = resampled(customers, labels, by_date, weighted_aucs)
    click.echo(
        f"\n| {TRIALS} trials | AUC on {len(days)} earlier days | mean AUC on test dates"
        " | TPE over it |\n|---|---|---|---|"
    )
    for name, bests in found.items():
        known = float(np.mean([value for value, _ in bests]))
        gain = "" if name == TPE else difference(drawn[TPE], drawn[name])
        click.echo(f"| {name} | {known:.4f} | {drawn[name][0]:.4f} | {gain} |")
