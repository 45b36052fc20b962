"""Churn out of time on Online Retail II, beside recency, rules and other models.

Usage:  python -m benchmarks.churn FILE… (UCI's files: xlsx, CSV or Parquet)
        make bench-churn DATA="file file"

For each monthly test date T the project is built as of T - 1, so nothing later is read:
features, labels and training snapshots are those that a user would have had on that day.
The label is whether an order came in the 90 days from T. Gains over other models are means over
test dates, resampled over customers, with the same draws for both. Prints Markdown.
"""

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import click
import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.bootstrap import difference, resampled
from benchmarks.retail import Day, Retail
from regulars.project import project_folder
from regulars.training.booster import fit, predict
from regulars.training.checks import useless_features
from regulars.training.metrics import calibration_error, weighted_aucs
from regulars.training.seasons import RECENCY, calibrate

TEST_DATES = [date(2011, month, 1) for month in range(3, 10)]
LOOKBACKS = (180, 365)
SEEDS = (1, 2, 3, 4, 5)
RESAMPLES = 1000
PLAIN = (
    "purchases_count",
    "revenue_amount",
    "units_count",
    "items_count",
    "purchase_lines_count",
    "days_",
)
RFMT = (
    "days_since_last_purchase",
    "purchases_count",
    "revenue_amount",
    "days_since_first_purchase",
)


def recency(day: Day) -> list[np.ndarray]:
    """The longer away, the likelier gone."""
    return [day.feature("days_since_last_purchase")]


def rules(day: Day) -> list[np.ndarray]:
    """The sum of the recency, frequency and monetary fifths, as in `customers`."""
    away = -day.feature("days_since_last_purchase")
    fifths = [
        np.argsort(np.argsort(values, kind="stable")) * 5 // len(values)
        for values in (away, day.feature("purchases_count"), day.feature("revenue_amount"))
    ]
    return [-np.sum(fifths, axis=0)]


def logistic(day: Day) -> list[np.ndarray]:
    """A logistic regression on the logs of recency, frequency, monetary value and tenure."""
    places = [day.past.features.index(name) for name in RFMT]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(np.log1p(day.past.values[:, places]), day.past.labels)
    return [model.predict_proba(np.log1p(day.values[:, places]))[:, 1]]


def plain(day: Day) -> list[np.ndarray]:
    """XGBoost as a tutorial has it, on 50 features: recency, frequency, amounts by windows."""
    rest = [name for name in day.past.features if name.startswith(PLAIN) and name not in RFMT]
    names = [*RFMT, *rest][:50]
    places = [day.past.features.index(name) for name in names]
    parameters = {"rounds": 100, "learning_rate": 0.1, "max_depth": 4}
    return [
        predict(fit(day.past.only(names), {**parameters, "seed": seed}), day.values[:, places])
        for seed in SEEDS
    ]


def uncalibrated(day: Day) -> list[np.ndarray]:
    """What the project trains: its features, its parameters, several seeds."""
    return trained(day, SEEDS)


def trained(day: Day, seeds: Sequence[int]) -> list[np.ndarray]:
    """The project's recipe, once per seed."""
    parameters, known = project_parameters(), day.test_date - timedelta(days=1)
    useless = useless_features(day.past)
    places = [p for p, name in enumerate(day.past.features) if name not in useless]
    past = day.past.only([day.past.features[place] for place in places])
    values = day.values[:, places]
    return [predict(fit(past, {**parameters, "seed": seed}, known), values) for seed in seeds]


def calibrated(day: Day, scores: list[np.ndarray]) -> list[np.ndarray]:
    """The same scores as the project calibrates them on that day."""
    known, away = day.test_date - timedelta(days=1), day.feature(RECENCY)
    return [
        calibrate(day.past, one, away, known, means_silence=True).apply(one, away, known)
        for one in scores
    ]


MODELS = {
    "recency": recency,
    "rules": rules,
    "logistic RFMT": logistic,
    "plain XGBoost": plain,
    "uncalibrated": uncalibrated,
}
OURS = "Regulars"
RIVALS = ("logistic RFMT", "plain XGBoost", "uncalibrated")
PROBABILITIES = ("logistic RFMT", "plain XGBoost", "uncalibrated", OURS)


def project_parameters() -> dict[str, float]:
    """The var `xgboost_parameters` of dbt_project.yml."""
    project = yaml.safe_load((project_folder() / "dbt_project.yml").read_text())
    parameters: dict[str, float] = project["vars"]["xgboost_parameters"]
    return parameters


def within(day: Day, lookback: int) -> Day:
    """The same day for a narrower population: who bought within `lookback` days."""
    place = day.past.features.index("days_since_last_purchase")
    judged = day.values[:, place] < lookback
    return Day(
        day.test_date,
        day.customers[judged],
        day.past.where(day.past.values[:, place] < lookback),
        day.values[judged],
        day.labels[judged],
    )


def interval(labels: np.ndarray, scores: list[np.ndarray]) -> tuple[float, float]:
    """95% bootstrap interval over customers of the AUC's mean over seeds."""
    random = np.random.default_rng(1)
    drawn = random.multinomial(len(labels), np.full(len(labels), 1 / len(labels)), RESAMPLES)
    means = np.mean([weighted_aucs(labels, one, drawn) for one in scores], axis=0)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def shuffled(day: Day, times: int) -> tuple[float, float]:
    """Mean and standard error of the AUC when labels are drawn at random, in past and present."""
    parameters = project_parameters()
    random = np.random.default_rng(2)
    figures = []
    for _ in range(times):
        past = day.past.where(np.ones(len(day.past), dtype=bool))
        random.shuffle(past.labels)
        present = random.permutation(day.labels)
        figures.append(roc_auc_score(present, predict(fit(past, parameters), day.values)))
    return float(np.mean(figures)), float(np.std(figures) / np.sqrt(times))


Scores = dict[str, list[list[np.ndarray]]]  # by model: by test date, by seed


def print_ranking(lookback: int, days: list[Day], scores: Scores) -> None:
    """How well each model ranks, a line per test date."""
    title = "AUC [95% interval] / average precision"
    click.echo(f"\n**Bought in the last {lookback} days: {title}**\n")
    click.echo("| test date | customers | churn | " + " | ".join(scores) + " |")
    click.echo("|---|---|---|" + "---|" * len(scores))
    means: dict[str, list[float]] = {name: [] for name in scores}
    for place, day in enumerate(days):
        cells = []
        for name in scores:
            found = scores[name][place]
            auc = float(np.mean([roc_auc_score(day.labels, one) for one in found]))
            precision = np.mean([average_precision_score(day.labels, one) for one in found])
            low, high = interval(day.labels, found)
            means[name].append(auc)
            cells.append(f"{auc:.3f} [{low:.3f}, {high:.3f}] / {precision:.3f}")
        click.echo(
            f"| {day.test_date} | {len(day.labels):,} | {day.labels.mean():.3f} | "
            + " | ".join(cells)
            + " |"
        )
    click.echo("| mean | | | " + " | ".join(f"{np.mean(m):.4f}" for m in means.values()) + " |")


def print_gains(days: list[Day], scores: Scores) -> None:
    """By how much the mean AUC lies above that of others, paired."""
    customers, labels = [day.customers for day in days], [day.labels for day in days]
    means = {
        name: resampled(customers, labels, scores[name], weighted_aucs, RESAMPLES)
        for name in (*RIVALS, OURS)
    }
    click.echo()
    for name in RIVALS:
        click.echo(f"Mean AUC over {name}: {difference(means[OURS], means[name])}")


def print_calibration(lookback: int, days: list[Day], scores: Scores) -> None:
    """How far probabilities lie from what came, beside what a perfect forecast would show."""
    title = "calibration error"
    click.echo(f"\n**Bought in the last {lookback} days: {title}**\n")
    click.echo("| test date | churn | mean score | " + " | ".join(PROBABILITIES) + " | perfect |")
    click.echo("|---|---|---|" + "---|" * len(PROBABILITIES) + "---|")
    for place, day in enumerate(days):
        errors = [
            np.mean([calibration_error(day.labels, one) for one in scores[name][place]])
            for name in PROBABILITIES
        ]
        ours = scores[OURS][place][0]
        click.echo(
            f"| {day.test_date} | {day.labels.mean():.3f} | {ours.mean():.3f} | "
            + " | ".join(f"{error:.3f}" for error in [*errors, noise_floor(ours)])
            + " |"
        )


def noise_floor(scores: np.ndarray, times: int = 200) -> float:
    """The mean calibration error of scores that are true: labels are drawn from them."""
    random = np.random.default_rng(3)
    drawn = [(random.random(len(scores)) < scores).astype(int) for _ in range(times)]
    return float(np.mean([calibration_error(labels, scores) for labels in drawn]))


@click.command(help=__doc__)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, resolve_path=True))
@click.option("--shuffles", default=20, show_default=True, help="Trainings on shuffled labels.")
def main(files: tuple[str, ...], shuffles: int) -> None:
    """Prints three tables per lookback, then the check on shuffled labels."""
    with tempfile.TemporaryDirectory() as home:
        retail = Retail(Path(home), list(files))
        days = [retail.day(test_date) for test_date in TEST_DATES]
    for lookback in LOOKBACKS:
        judged = [within(day, lookback) for day in days]
        scores = {name: [model(day) for day in judged] for name, model in MODELS.items()}
        raw = scores["uncalibrated"]
        scores[OURS] = [calibrated(day, one) for day, one in zip(judged, raw, strict=True)]
        print_ranking(lookback, judged, scores)
        print_gains(judged, scores)
        print_calibration(lookback, judged, scores)
    middle = next(day for day in days if day.test_date == date(2011, 6, 1))
    mean, error = shuffled(middle, shuffles)
    click.echo(
        f"\nLabels shuffled, {shuffles} trainings: AUC {mean:.4f} ± {error:.4f} (must be .5)"
    )


if __name__ == "__main__":
    main()
