"""Churn on Online Retail II: the project's recipe beside other models, out of time."""

from datetime import date
from pathlib import Path

import click
import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from benchmarks import churn
from benchmarks.ablation import weighted_precisions
from benchmarks.accuracy.cases import Case, earlier_days, read_cases
from benchmarks.accuracy.peers import MODELS, choose
from benchmarks.bootstrap import difference, resampled
from regulars.training.metrics import calibration_error, weighted_aucs

LOOKBACKS = churn.LOOKBACKS
TEST_DATES: list[date] = churn.TEST_DATES
EARLIER_DAYS = 3
SEEDS, SEEDS_OF = (1, 2, 3), {"GRU": (1,)}
SLOW = {"GRU"}
SIMPLE = {"recency": churn.recency, "RFM rules": churn.rules, "logistic RFMT": churn.logistic}
OURS = "Regulars"
ASKED = {date(2011, 6, 1), date(2011, 9, 1)}

Scores = dict[str, list[list[np.ndarray]]]  # by model: by test date, by seed


def settings_by_model(first: Case) -> dict[str, dict[str, object]]:
    """Each peer's settings, chosen on days whose outcomes were known before the first test date."""
    chosen = {}
    days = list(earlier_days(first, EARLIER_DAYS))
    for name in MODELS:
        chosen[name] = choose(name, days)
        click.echo(f"{name}, chosen on {len(days)} earlier days: {chosen[name]}  ", err=True)
    return chosen


def scores_of(
    name: str, cases: list[Case], settings: dict[str, object], lookback: int
) -> list[list[np.ndarray]]:
    """A peer's scores of those who bought within the lookback: by test date, by seed.

    The net takes minutes for each date: it learns once, from everybody, and is judged on all.
    """
    model, _ = MODELS[name]
    found = []
    for case in cases:
        narrow = case.within(lookback)
        learnt = case if name in SLOW else narrow
        scores = [
            model(learnt.past, learnt.today, settings, seed) for seed in SEEDS_OF.get(name, SEEDS)
        ]
        kept = case.today.recent(lookback) if name in SLOW else np.full(len(narrow.labels), True)
        found.append([one[kept] for one in scores])
    click.echo(f"scored: {name}, {lookback} days", err=True)
    return found


def print_report(lookback: int, cases: list[Case], scores: Scores) -> None:
    """Three tables: how well each model ranks, its difference to ours, how right its shares are."""
    labels = [case.labels for case in cases]
    click.echo(f"\n**Bought in the last {lookback} days: AUC / average precision**\n")
    click.echo("| test date | " + " | ".join(scores) + " |\n|---|" + "---|" * len(scores))
    for place, case in enumerate(cases):
        cells = [
            f"{_mean(roc_auc_score, case.labels, found[place]):.3f}"
            f" / {_mean(average_precision_score, case.labels, found[place]):.3f}"
            for found in scores.values()
        ]
        click.echo(f"| {case.test_date} | " + " | ".join(cells) + " |")

    customers = [case.customers for case in cases]
    metrics = {"AUC": weighted_aucs, "average precision": weighted_precisions}
    drawn = {
        (name, metric): resampled(customers, labels, found, function)
        for name, found in scores.items()
        for metric, function in metrics.items()
    }
    click.echo("\n| | mean AUC | Regulars over it | mean AP | Regulars over it |")
    click.echo("|---|---|---|---|---|")
    for name in scores:
        cells = [name]
        for metric in metrics:
            cells.append(f"{drawn[name, metric][0]:.4f}")
            gain = difference(drawn[OURS, metric], drawn[name, metric])
            cells.append("" if name == OURS else gain)
        click.echo("| " + " | ".join(cells) + " |")

    click.echo("\n| calibration error | mean | … calibrated as ours | 2011-06-01 | 2011-09-01 |")
    click.echo("|---|---|---|---|---|")
    for name in [*MODELS, "logistic RFMT", OURS]:
        raw = [_mean(calibration_error, *one) for one in zip(labels, scores[name], strict=True)]
        asked = [error for case, error in zip(cases, raw, strict=True) if case.test_date in ASKED]
        ours = [
            _mean(calibration_error, case.labels, churn.calibrated(case.day, found))
            for case, found in zip(cases, scores[name], strict=True)
        ]
        mended = "" if name == OURS else f"{np.mean(ours):.3f}"
        cells = [name, f"{np.mean(raw):.3f}", mended, *(f"{error:.3f}" for error in asked)]
        click.echo("| " + " | ".join(cells) + " |")


def _mean(metric: object, labels: np.ndarray, found: list[np.ndarray]) -> float:
    assert callable(metric)
    return float(np.mean([metric(labels, one) for one in found]))


def churn_peers(files: list[str], home: Path) -> None:
    """Builds or reads the days, chooses, scores and prints Markdown."""
    cases = read_cases(files, TEST_DATES, home)
    chosen = settings_by_model(cases[0])
    for name, settings in chosen.items():
        click.echo(f"{name}: {', '.join(f'{key} {value}' for key, value in settings.items())}  ")
    for lookback in LOOKBACKS:
        judged = [case.within(lookback) for case in cases]
        scores: Scores = {
            name: [model(case.day) for case in judged] for name, model in SIMPLE.items()
        }
        for name, settings in chosen.items():
            scores[name] = scores_of(name, cases, settings, lookback)
        scores[OURS] = [
            churn.calibrated(case.day, churn.trained(case.day, SEEDS)) for case in judged
        ]
        print_report(lookback, judged, scores)
