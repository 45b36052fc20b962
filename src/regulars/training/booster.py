"""XGBoost: fit, keep as bytes, read back."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import xgboost

from regulars.training.matrix import Matrix

SEED = 20


# what is no parameter of XGBoost's, though it stands among them
OURS = ("rounds", "season_weight")
SEASON_DAYS = 30


def fit(matrix: Matrix, parameters: Mapping[str, Any], day: date | None = None) -> xgboost.Booster:
    """Fits gradient boosted trees on a sorted matrix: the same rows give the same bytes.

    Args:
        matrix: what to learn from.
        parameters: XGBoost's own names, plus `rounds` and perhaps `season_weight`.
        day: the day that the training stands at, which has a season.
    """
    data = _data(matrix, parameters, day)
    return xgboost.train(_settings(parameters), data, num_boost_round=int(parameters["rounds"]))


def rounds_until_no_better(
    older: Matrix, newer: Matrix, parameters: Mapping[str, Any], patience: int
) -> int:
    """How many trees rank the rows of a later day best.

    By AUC, because the season moves the level of probabilities, and a loss would stop by that.

    Args:
        older: what to learn from.
        newer: rows of one later day.
        parameters: as for `fit`; `rounds` is the most.
        patience: stop after so many trees that didn't help.
    """
    data = _data(older, parameters, newer.dates[0].item())
    watched = xgboost.QuantileDMatrix(
        newer.values, label=newer.labels, feature_names=list(newer.features), ref=data
    )
    booster = xgboost.train(
        {**_settings(parameters), "eval_metric": "auc"},
        data,
        num_boost_round=int(parameters["rounds"]),
        evals=[(watched, "newer")],
        early_stopping_rounds=patience,
        verbose_eval=False,
    )
    return int(booster.best_iteration) + 1


def _settings(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What XGBoost is told; a mapping with one value per feature comes by name."""
    given = {key: value for key, value in parameters.items() if key not in OURS}
    return {"objective": "binary:logistic", "tree_method": "hist", "seed": SEED, **given}


def _data(
    matrix: Matrix, parameters: Mapping[str, Any], day: date | None
) -> xgboost.QuantileDMatrix:
    return xgboost.QuantileDMatrix(
        matrix.values,
        label=matrix.labels,
        weight=season_weights(matrix.dates, parameters.get("season_weight", 1), day),
        feature_names=list(matrix.features),
    )


def season_weights(dates: np.ndarray, weight: float, day: date | None) -> np.ndarray | None:
    """Counts snapshots of the same season a year ago `weight` times; None where all count once."""
    if day is None or weight == 1:
        return None
    away = np.abs((np.datetime64(day) - dates).astype(int) - 365)
    return np.where(away <= SEASON_DAYS, weight, 1).astype(np.float32)


def predict(booster: xgboost.Booster, values: np.ndarray) -> np.ndarray:
    """Probabilities for rows whose columns stand in the order of the training.

    Returns:
        float32, one per row, in [0, 1].
    """
    scores: np.ndarray = booster.inplace_predict(values, validate_features=False)
    return scores


def to_bytes(booster: xgboost.Booster) -> bytes:
    """A booster as UBJSON, XGBoost's own portable format."""
    return bytes(booster.save_raw(raw_format="ubj"))


def from_bytes(raw: bytes, sha256: str) -> xgboost.Booster:
    """The booster that was kept, after checking that its bytes are the ones that were written.

    Raises:
        ValueError: when the bytes were changed.
    """
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise ValueError("the kept model doesn't match its sha256: train again with retrain: true")
    booster = xgboost.Booster()
    booster.load_model(bytearray(raw))
    return booster
