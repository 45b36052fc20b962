"""XGBoost: fit, keep as bytes, read back."""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import xgboost

from regulars.training.matrix import Matrix

SEED = 20


def fit(matrix: Matrix, parameters: Mapping[str, Any]) -> xgboost.Booster:
    """Fits gradient boosted trees on a sorted matrix: the same rows give the same bytes.

    Args:
        matrix: what to learn from.
        parameters: XGBoost's own names, plus `rounds`.
    """
    given = {key: value for key, value in parameters.items() if key != "rounds"}
    data = xgboost.QuantileDMatrix(
        matrix.values, label=matrix.labels, feature_names=list(matrix.features)
    )
    return xgboost.train(
        {"objective": "binary:logistic", "tree_method": "hist", "seed": SEED, **given},
        data,
        num_boost_round=int(parameters["rounds"]),
    )


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
