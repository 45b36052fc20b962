"""Is a challenger good enough to score with? Judged on a day that it hasn't learnt from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regulars.training import booster as boosting
from regulars.training.checks import TrainingRefusedError, check_learnable
from regulars.training.matrix import Matrix, column
from regulars.training.metrics import calibration_error, measure
from regulars.training.seasons import RECENCY, calibrate
from regulars.training.settings import Prediction
from regulars.training.temporal import newest_snapshot_holdout

# how much worse on the same held-out snapshot a challenger may be: about the noise of an
# AUC over a few thousand customers
AUC_TOLERANCE = 0.02


@dataclass(frozen=True)
class Verdict:
    """What the judging found.

    Attributes:
        status: promoted or rejected.
        reason: why, in words.
        metrics: the figures on the held-out snapshot; None when it could not be judged.
    """

    status: str
    reason: str
    metrics: dict[str, float] | None = None


def judge(
    matrix: Matrix, used: Sequence[str], prediction: Prediction, champion: Mapping[str, Any]
) -> Verdict:
    """Fits on the past of the newest snapshot, and judges on that snapshot.

    Args:
        matrix: every row with a closed label window.
        used: the features to learn from; a champion may have others.
        champion: the row of `training_plan`, with the champion to beat or nulls.

    Returns:
        Promoted when there is no champion, when it can't be compared, or when the
        challenger is no worse beyond AUC_TOLERANCE; else rejected.
    """
    learn, held_out = newest_snapshot_holdout(matrix.dates, prediction.horizon_days)
    past, newest = matrix.where(learn), matrix.where(held_out)
    try:
        check_learnable(past)
    except TrainingRefusedError as error:
        return Verdict("promoted", f"not judged out of time: {error}")
    if len(np.unique(newest.labels)) < 2:
        reason = "not judged out of time: the newest snapshot has labels of one class"
        return Verdict("promoted", reason)

    metrics = _judge_recipe(past, newest, used, prediction.parameters, prediction)
    if not champion["champion_model_id"]:
        return Verdict("promoted", "the first model", metrics)
    return _compare(metrics, past, newest, prediction, champion)


def _judge_recipe(
    past: Matrix,
    newest: Matrix,
    names: Sequence[str],
    parameters: Mapping[str, Any],
    prediction: Prediction,
) -> dict[str, float]:
    """Fits on the past, calibrates as one would have on the newest day, and measures there."""
    newest, day = newest.only(names), newest.dates[0].item()
    scores = boosting.predict(boosting.fit(past.only(names), parameters, day), newest.values)
    recency = column(newest.values, newest.features, RECENCY)
    calibration = calibrate(past, scores, recency, day, prediction.means_silence)
    uncalibrated = calibration_error(newest.labels, scores)
    figures = measure(newest.labels, calibration.apply(scores, recency, day))
    return figures | {"uncalibrated_error": uncalibrated}


def _compare(
    metrics: dict[str, float],
    past: Matrix,
    newest: Matrix,
    prediction: Prediction,
    champion: Mapping[str, Any],
) -> Verdict:
    """Fits the champion's recipe on the same past, and says whose AUC is better.

    The champion itself has learnt from the held-out day, or from labels that overlap it:
    on that day it would look better than anything honest.
    """
    names = json.loads(champion["champion_features"])
    if missing := [name for name in names if name not in newest.features]:
        return Verdict("promoted", f"the champion's feature {missing[0]} is gone", metrics)
    parameters = json.loads(champion["champion_parameters"])
    champion_auc = _judge_recipe(past, newest, names, parameters, prediction)["auc"]
    metrics = metrics | {"champion_auc": champion_auc}
    if metrics["auc"] < champion_auc - AUC_TOLERANCE:
        reason = f"AUC {metrics['auc']:.3f} against the champion's {champion_auc:.3f}"
        return Verdict("rejected", reason, metrics)
    return Verdict("promoted", "no worse than the champion", metrics)
