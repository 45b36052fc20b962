"""Spoilt challengers on Online Retail II: how many of them would score.

Usage:  python -m benchmarks.spoilt FILE… (UCI's files: xlsx, CSV or Parquet)
        make bench-spoilt DATA="file file"

The champion of churn is trained as of 2011-05-31, its challengers as of 2011-08-31, on data that
were spoilt in one of three ways: labels in another order, all but a few features emptied, a feature
planted that knows what came. Beside them honest ones, on customers drawn anew. Prints Markdown.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
import numpy as np

from benchmarks.churn import project_parameters
from benchmarks.retail import Retail
from regulars.training.checks import TrainingRefusedError, check_no_leak, useless_features
from regulars.training.judging import Verdict, judge
from regulars.training.matrix import Matrix
from regulars.training.objectives import objective_of
from regulars.training.settings import Prediction

CHAMPION_DATE, CHALLENGER_DATE = date(2011, 6, 1), date(2011, 9, 1)
SEEDS = range(1, 8)
# what is left when all else is emptied, by parts of the names of features: as a broken join would.
# Much must go: on this data counts tell what recency does, and the other way round
LEFT = (
    ("hours and weekdays", ("hour", "weekend", "weekday", "night", "morning")),
    ("prices", ("price", "discount")),
    ("returns", ("return",)),
    ("baskets", ("average_order", "last_order")),
    ("channels", ("channel", "web_")),
    ("gaps between purchases", ("gap",)),
)
LEAK_NOISES = (0.15, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)


def judged(matrix: Matrix, champion: Mapping[str, Any]) -> Verdict:
    """What a training on a matrix would come to."""
    prediction = Prediction("churn", 90, project_parameters(), means_silence=True)
    objective = objective_of("probability", 90)
    try:
        check_no_leak(matrix)
    except TrainingRefusedError as error:
        return Verdict("failed", str(error))
    return judge(matrix, _used(matrix), prediction, objective, champion)


def _used(matrix: Matrix) -> list[str]:
    useless = useless_features(matrix)
    return [name for name in matrix.features if name not in useless]


def spoilt(matrix: Matrix) -> Iterator[tuple[str, Matrix]]:
    """Challengers, each with what was done to its data."""
    for seed in SEEDS:
        random = np.random.default_rng(seed)
        yield f"labels shuffled ({seed})", matrix.labelled(random.permutation(matrix.labels))
    for name, parts in LEFT:
        values = matrix.values.copy()
        lost = [not any(part in feature for part in parts) for feature in matrix.features]
        values[:, lost] = np.nan
        title = f"nothing but {name} ({len(lost) - sum(lost)} features)"
        yield title, replace(matrix, values=values)
    for noise in LEAK_NOISES:
        random = np.random.default_rng(1)
        leak = matrix.labels + random.normal(0, noise, len(matrix))
        values = np.column_stack([matrix.values, leak]).astype(np.float32)
        features = (*matrix.features, "answered_at")
        yield f"a leak, noise {noise}", replace(matrix, features=features, values=values)


def honest(matrix: Matrix) -> Iterator[tuple[str, Matrix]]:
    """The same data, and nine tenths of them."""
    yield "nothing", matrix
    for seed in SEEDS:
        random = np.random.default_rng(seed)
        yield f"a tenth left out ({seed})", matrix.where(random.uniform(size=len(matrix)) < 0.9)


def report(champions: Matrix, challengers: Matrix) -> None:
    """Prints a line per challenger, and how many were promoted."""
    first = judged(champions, {"champion_model_id": None})
    champion = {
        "champion_model_id": "the champion",
        "champion_features": json.dumps(_used(champions)),
        "champion_parameters": json.dumps(project_parameters()),
        "champion_metrics": json.dumps(first.metrics),
    }
    click.echo("| data | AUC | outcome | why |\n|---|---|---|---|")
    counts = {}
    for kind, those in (("spoilt", spoilt(challengers)), ("honest", honest(challengers))):
        verdicts = []
        for name, matrix in those:
            verdict = judged(matrix, champion)
            auc = f"{verdict.metrics['auc']:.3f}" if verdict.metrics else ""
            click.echo(f"| {name} | {auc} | {verdict.status} | {verdict.reason} |")
            verdicts.append(verdict.status)
        counts[kind] = f"{verdicts.count('promoted')} of {len(verdicts)} {kind} ones"
    click.echo(f"\nPromoted: {', '.join(counts.values())}.")


@click.command(help=__doc__)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, resolve_path=True))
def main(files: tuple[str, ...]) -> None:
    """Builds both days, and judges."""
    with tempfile.TemporaryDirectory() as home:
        retail = Retail(Path(home), list(files))
        days = [retail.day(test_date) for test_date in (CHAMPION_DATE, CHALLENGER_DATE)]
    report(days[0].past, days[1].past)


if __name__ == "__main__":
    main()
