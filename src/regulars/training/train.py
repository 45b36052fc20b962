"""One training: check, judge out of time, refit on everything, register."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import xgboost

import regulars
from regulars.engines import Engine
from regulars.errors import UserError
from regulars.training import booster as boosting
from regulars.training.matrix import Matrix, read_training_matrix
from regulars.training.metrics import measure
from regulars.training.settings import Prediction
from regulars.training.temporal import newest_snapshot_holdout

MINIMUM_ROWS = 500
MINIMUM_OF_EACH_CLASS = 50

# how much worse on the same held-out snapshot a challenger may be: about the noise of an
# AUC over a few thousand customers
AUC_TOLERANCE = 0.02

REGISTRY_SCHEMA = pa.schema(
    {
        "model_id": pa.string(),
        "prediction": pa.string(),
        "status": pa.string(),
        "status_reason": pa.string(),
        "as_of_date": pa.date32(),
        "horizon_days": pa.int32(),
        "first_snapshot_date": pa.date32(),
        "last_snapshot_date": pa.date32(),
        "holdout_date": pa.date32(),
        "rows_count": pa.int64(),
        "positives_count": pa.int64(),
        "metrics": pa.string(),
        "features": pa.string(),
        "parameters": pa.string(),
        "settings": pa.string(),
        "code_version": pa.string(),
        "booster": pa.binary(),
        "booster_sha256": pa.string(),
    }
)


class TrainingRefusedError(UserError):
    """The data can't teach a model; the registry keeps the reason."""


def train_when_due(
    engine: Engine, prediction: Prediction, plan: Any, training_view: Any
) -> pa.Table:
    """Trains one prediction when its plan says that it is due.

    Args:
        plan: the relation `training_plan`.
        training_view: the relation `training_<prediction>`.

    Returns:
        A table of REGISTRY_SCHEMA: one row (status promoted, rejected or failed), or
        none when no training is due.
    """
    (planned,) = engine.read(plan, where=f"prediction = '{prediction.name}'").to_pylist()
    if not planned["is_due"]:
        return REGISTRY_SCHEMA.empty_table()
    row = {
        "prediction": prediction.name,
        "as_of_date": planned["as_of_date"],
        "horizon_days": prediction.horizon_days,
        "parameters": json.dumps(dict(prediction.parameters), sort_keys=True),
        "settings": planned["settings"],
        "code_version": f"regulars {regulars.__version__}, xgboost {xgboost.__version__}",
    }
    try:
        row |= train(read_training_matrix(engine, training_view), prediction, planned)
    except (TrainingRefusedError, xgboost.core.XGBoostError) as error:
        reason = str(error).strip().splitlines()[0]
        row |= {"status": "failed", "status_reason": reason, "model_id": _hash(row, reason)}
    return pa.Table.from_pylist([row], schema=REGISTRY_SCHEMA)


def train(matrix: Matrix, prediction: Prediction, planned: Mapping[str, Any]) -> dict[str, Any]:
    """Judges a model on the newest snapshot, then fits it again on all of them.

    Args:
        matrix: every row with a closed label window.
        planned: the row of `training_plan`, with the champion to beat.

    Returns:
        The registry's columns that the training decides.

    Raises:
        TrainingRefusedError: too few rows, or labels of one class.
    """
    check(matrix)
    learn, judge = newest_snapshot_holdout(matrix.dates, prediction.horizon_days)
    metrics, status, reason = _judge(matrix, learn, judge, prediction, planned)
    raw = boosting.to_bytes(boosting.fit(matrix, prediction.parameters))
    sha256 = hashlib.sha256(raw).hexdigest()
    return {
        "model_id": _hash(
            prediction.name,
            matrix.features,
            _matrix_hash(matrix),
            dict(prediction.parameters),
            regulars.__version__,
            xgboost.__version__,
        ),
        "status": status,
        "status_reason": reason,
        "first_snapshot_date": matrix.dates.min().item(),
        "last_snapshot_date": matrix.dates.max().item(),
        "holdout_date": matrix.dates.max().item() if metrics else None,
        "rows_count": len(matrix),
        "positives_count": int(matrix.labels.sum()),
        "metrics": json.dumps(metrics, sort_keys=True) if metrics else None,
        "features": json.dumps(matrix.features),
        "booster": raw,
        "booster_sha256": sha256,
    }


def check(matrix: Matrix) -> None:
    """Refuses data that no model can be learnt from.

    Raises:
        TrainingRefusedError: with the figure that is too small, and what it must be.
    """
    if len(matrix) < MINIMUM_ROWS:
        raise TrainingRefusedError(
            f"{len(matrix)} rows with a closed label window, {MINIMUM_ROWS} are needed"
        )
    positives = int(matrix.labels.sum())
    fewest = min(positives, len(matrix) - positives)
    if fewest < MINIMUM_OF_EACH_CLASS:
        raise TrainingRefusedError(
            f"{positives} positive and {len(matrix) - positives} negative labels,"
            f" at least {MINIMUM_OF_EACH_CLASS} of each are needed"
        )


def _judge(
    matrix: Matrix,
    learn: np.ndarray,
    judge: np.ndarray,
    prediction: Prediction,
    planned: Mapping[str, Any],
) -> tuple[dict[str, float] | None, str, str]:
    """The figures on the held-out snapshot, and whether they make the challenger champion."""
    past, newest = matrix.where(learn), matrix.where(judge)
    try:
        check(past)
    except TrainingRefusedError as error:
        return None, "promoted", f"not judged out of time: {error}"
    if len(np.unique(newest.labels)) < 2:
        return (
            None,
            "promoted",
            "not judged out of time: the newest snapshot has labels of one class",
        )

    challenger = boosting.fit(past, prediction.parameters)
    metrics = measure(newest.labels, boosting.predict(challenger, newest.values))
    if not planned["champion_booster"]:
        return metrics, "promoted", "the first model"

    status, reason = _compare(metrics, newest, planned)
    return metrics, status, reason


def _compare(
    metrics: dict[str, float], newest: Matrix, planned: Mapping[str, Any]
) -> tuple[str, str]:
    """Puts the champion's AUC on the same rows beside the challenger's, and says who wins."""
    champion_features = json.loads(planned["champion_features"])
    if missing := [name for name in champion_features if name not in newest.features]:
        return "promoted", f"the champion's feature {missing[0]} is gone"
    try:
        champion = boosting.from_bytes(
            planned["champion_booster"], planned["champion_booster_sha256"]
        )
    except ValueError as error:
        return "promoted", f"the champion can't be compared: {error}"
    places = [newest.features.index(name) for name in champion_features]
    champion_scores = boosting.predict(champion, newest.values[:, places])
    metrics["champion_auc"] = measure(newest.labels, champion_scores)["auc"]
    if metrics["auc"] < metrics["champion_auc"] - AUC_TOLERANCE:
        return (
            "rejected",
            f"AUC {metrics['auc']:.3f} against the champion's {metrics['champion_auc']:.3f}",
        )
    return "promoted", "no worse than the champion"


def _matrix_hash(matrix: Matrix) -> str:
    digest = hashlib.sha256()
    for part in (matrix.dates, matrix.labels, matrix.values):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()


def _hash(*parts: Any) -> str:
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
