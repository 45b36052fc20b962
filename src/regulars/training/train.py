"""One training: check, judge out of time, refit on everything, register."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
import xgboost

import regulars
from regulars.engines import Engine
from regulars.training import booster as boosting
from regulars.training.checks import (
    TrainingRefusedError,
    check_learnable,
    check_no_leak,
    useless_features,
)
from regulars.training.judging import judge
from regulars.training.matrix import Matrix, column, current_values, read_training_matrix
from regulars.training.objectives import Objective, objective_of
from regulars.training.recipe import check_constraints, choose_parameters
from regulars.training.registry import REGISTRY_SCHEMA, content_id, in_parts, matrix_id
from regulars.training.rules import FEATURES as RULES_FEATURES
from regulars.training.rules import learn_rules
from regulars.training.seasons import RECENCY, calibrate
from regulars.training.selection import weighted_by_selection
from regulars.training.settings import Prediction

# a training takes all cores, and its matrix most of the memory: dbt's threads take turns
ONE_AT_A_TIME = Lock()


def train_when_due(
    engine: Engine, prediction: Prediction, plan: Any, training_view: Any
) -> pa.Table:
    """Trains one prediction when its plan says that it is due.

    Args:
        plan: the relation `training_plan`.
        training_view: the relation `training_<prediction>`.

    Returns:
        A table of REGISTRY_SCHEMA: one row (status promoted, rejected or failed) for each part of
        the model, or none when no training is due.
    """
    (planned,) = engine.read(plan, where=f"prediction = '{prediction.name}'").to_pylist()
    if not planned["is_due"]:
        return REGISTRY_SCHEMA.empty_table()
    with ONE_AT_A_TIME:
        return _trained(engine, prediction, planned, training_view)


def _trained(
    engine: Engine, prediction: Prediction, planned: Mapping[str, Any], training_view: Any
) -> pa.Table:
    """One training, whatever comes of it."""
    row = {
        "prediction": prediction.name,
        "as_of_date": planned["as_of_date"],
        "objective": prediction.objective,
        "horizon_days": prediction.horizon_days,
        "parameters": json.dumps(dict(prediction.parameters), sort_keys=True),
        "settings": planned["settings"],
        "question": planned["question"],
        "code_version": f"regulars {regulars.__version__}, xgboost {xgboost.__version__}",
    }
    objective = objective_of(prediction.objective, prediction.horizon_days)
    matrix = read_training_matrix(engine, training_view)
    if prediction.weight_by_selection:
        matrix = weighted_by_selection(engine, training_view, matrix)
    rules = learn_rules(
        matrix,
        objective.outcomes(matrix),
        prediction.means_silence,
        objective.amount_days,
        matrix if len(matrix) else _today(engine, training_view, matrix.features),
    )
    row["rules"] = rules.to_json()
    try:
        current = partial(current_values, engine, training_view, categories=matrix.categories)
        row |= train(matrix, prediction, objective, planned, current)
    except (TrainingRefusedError, xgboost.core.XGBoostError) as error:
        reason = str(error).strip().splitlines()[0]
        row |= {"status": "failed", "status_reason": reason, "model_id": content_id(row, reason)}
    return in_parts(row)


def _today(engine: Engine, training_view: Any, features: Sequence[str]) -> Matrix:
    """The customers of today, by what rules look at; their labels aren't known."""
    asked = tuple(name for name in RULES_FEATURES if name in features)
    batches = list(current_values(engine, training_view, asked, {}))
    values = np.concatenate([np.empty((0, len(asked)), np.float32), *batches])
    return Matrix(asked, values, np.zeros(len(values)), np.zeros(len(values), "datetime64[D]"))


def train(
    matrix: Matrix,
    prediction: Prediction,
    objective: Objective,
    planned: Mapping[str, Any],
    current: Callable[[tuple[str, ...]], Iterable[np.ndarray]],
) -> dict[str, Any]:
    """Judges a model on the newest snapshot, then fits it again on all of them.

    Args:
        matrix: every row with a closed label window.
        objective: the prediction's.
        planned: the row of `training_plan`, with the champion to beat.
        current: batches of the customers of today, rows × the features that are asked for.

    Returns:
        The registry's columns that the training decides.

    Raises:
        TrainingRefusedError: too few rows, labels of one class, or a feature that tells them.
        UserError: for a constraint of a feature that there isn't.
    """
    check_constraints(matrix, prediction)
    happened = objective.events(matrix)
    check_learnable(happened)
    check_no_leak(happened)
    left_out = useless_features(matrix)
    used = tuple(name for name in matrix.features if name not in left_out)
    if not used:
        raise TrainingRefusedError("every feature says the same of everybody")
    day, learnable = planned["as_of_date"], matrix.only(used)
    parameters = choose_parameters(learnable, prediction, objective)
    verdict = judge(matrix, used, replace(prediction, parameters=parameters), objective, planned)
    fitted = objective.fit(learnable, parameters, day)
    scored = [
        np.stack((fitted.probability(values), column(values, used, RECENCY)))
        for values in current(used)
    ]
    scores, recency = np.concatenate([np.empty((2, 0), np.float32), *scored], axis=1)
    calibration = calibrate(happened, scores, recency, day, prediction.means_silence).to_json()
    parts = [boosting.to_bytes(booster) for booster in fitted.boosters]
    return {
        "model_id": content_id(
            prediction.name,
            matrix.features,
            dict(matrix.categories),
            matrix_id(matrix),
            {name: value for name, value in parameters.items() if name != "nthread"},
            calibration,
            planned["settings"],
            regulars.__version__,
            xgboost.__version__,
        ),
        "status": verdict.status,
        "status_reason": verdict.reason,
        "first_snapshot_date": matrix.dates.min().item(),
        "last_snapshot_date": matrix.dates.max().item(),
        "holdout_date": matrix.dates.max().item() if verdict.metrics else None,
        "rows_count": len(matrix),
        "positives_count": int(happened.labels.sum()),
        "metrics": json.dumps(verdict.metrics, sort_keys=True) if verdict.metrics else None,
        "features": json.dumps(used),
        "categories": json.dumps(dict(learnable.categories), ensure_ascii=False, sort_keys=True),
        "parameters": json.dumps(parameters, sort_keys=True),
        "left_out_features": json.dumps(left_out, sort_keys=True),
        "calibration": calibration,
        "shape": json.dumps(dict(fitted.shape), sort_keys=True),
        "booster": parts[0],
        "amount_booster": parts[1] if len(parts) > 1 else None,
        "booster_sha256": boosting.digest(parts),
    }
