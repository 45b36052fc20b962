"""XGBoost: fit, keep as bytes, read back."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import xgboost

from regulars.training.categories import feature_types
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
    Waits have only a loss.

    Args:
        older: what to learn from.
        newer: rows of one later day.
        parameters: as for `fit`; `rounds` is the most.
        patience: stop after so many trees that didn't help.
    """
    data = _data(older, parameters, newer.dates[0].item())
    watched = xgboost.QuantileDMatrix(newer.values, ref=data, **_columns(newer), **_labels(newer))
    metrics = {} if newer.censored is not None else {"eval_metric": "auc"}
    booster = xgboost.train(
        {**_settings(parameters), **metrics},
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
        weight=_weights(matrix, parameters, day),
        **_columns(matrix),
        **_labels(matrix),
    )


def _columns(matrix: Matrix) -> dict[str, Any]:
    """What the columns are called, and which of them hold categories."""
    types = feature_types(matrix.features, matrix.categories)
    return {"feature_names": list(matrix.features), **types}


def _labels(matrix: Matrix) -> dict[str, np.ndarray]:
    """Labels by XGBoost's names: waits are bounds, of which the upper one may be unknown."""
    if matrix.censored is None:
        return {"label": matrix.labels}
    longest = np.where(matrix.censored, np.inf, matrix.labels)
    return {"label_lower_bound": matrix.labels, "label_upper_bound": longest}


def _weights(matrix: Matrix, parameters: Mapping[str, Any], day: date | None) -> np.ndarray | None:
    """How much each row counts, by its season and by itself; None where all count alike."""
    season = season_weights(matrix.dates, parameters.get("season_weight", 1), day)
    if season is None or matrix.weights is None:
        return matrix.weights if season is None else season
    return np.asarray(season * matrix.weights)


def season_weights(dates: np.ndarray, weight: float, day: date | None) -> np.ndarray | None:
    """Counts snapshots of the same season a year ago `weight` times; None where all count once."""
    if day is None or weight == 1:
        return None
    away = np.abs((np.datetime64(day) - dates).astype(int) - 365)
    return np.where(away <= SEASON_DAYS, weight, 1).astype(np.float32)


def predict(booster: xgboost.Booster, values: np.ndarray) -> np.ndarray:
    """What a booster says of rows whose columns stand in the order of the training.

    Returns:
        float32, one per row: a probability, an amount or days, as its objective is.
    """
    scores: np.ndarray = booster.inplace_predict(values, validate_features=False)
    return scores


def to_bytes(booster: xgboost.Booster) -> bytes:
    """A booster as UBJSON, XGBoost's own portable format."""
    return bytes(booster.save_raw(raw_format="ubj"))


def from_bytes(parts: Sequence[bytes], sha256: str) -> tuple[xgboost.Booster, ...]:
    """The boosters that were kept, after checking that their bytes are those that were written.

    Args:
        parts: each booster's bytes.
        sha256: of all of them, one after the other.

    Raises:
        ValueError: when the bytes were changed.
    """
    if digest(parts) != sha256:
        raise ValueError("the kept model doesn't match its sha256: train again with retrain: true")
    boosters = tuple(xgboost.Booster() for _ in parts)
    for booster, raw in zip(boosters, parts, strict=True):
        booster.load_model(bytearray(raw))
    return boosters


def digest(parts: Sequence[bytes]) -> str:
    """The SHA-256 of boosters' bytes, one after the other."""
    return hashlib.sha256(b"".join(parts)).hexdigest()


def contributions(booster: xgboost.Booster, values: np.ndarray, method: str) -> np.ndarray:
    """What each feature adds to a booster's output for each row, before its link function.

    Args:
        values: float32, rows × features, in the order of the training.
        method: approximate or exact.

    Returns:
        float32, rows × features: log-odds, log-amounts or log-days.
    """
    found: np.ndarray = booster.predict(
        xgboost.DMatrix(values),
        pred_contribs=True,
        approx_contribs=method == "approximate",
        validate_features=False,
    )
    return found[:, :-1]  # the last one is the constant
