"""The same rows give the same bytes, and changed bytes are refused."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import numpy as np
import pytest

from regulars.engines.duckdb import DuckDBEngine
from regulars.training.booster import fit, from_bytes, predict, season_weights, to_bytes
from regulars.training.matrix import Matrix, read_training_matrix
from regulars.training.settings import Prediction


@pytest.fixture
def matrix(engine: DuckDBEngine, view: duckdb.DuckDBPyRelation) -> Matrix:
    return read_training_matrix(engine, view)


def test_the_same_rows_give_the_same_bytes_in_whatever_order_they_come(
    engine: DuckDBEngine,
    view: duckdb.DuckDBPyRelation,
    matrix: Matrix,
    prediction: Prediction,
) -> None:
    shuffled = read_training_matrix(engine, view.order("hash(customer_id), as_of_date desc"))
    sampled = {**prediction.parameters, "colsample_bytree": 0.5, "subsample": 0.5}
    raw = to_bytes(fit(matrix, sampled))
    assert raw == to_bytes(fit(shuffled, sampled))
    assert raw != to_bytes(fit(matrix.where(matrix.values[:, 0] > 0), sampled))


def test_a_kept_model_predicts_as_before(matrix: Matrix, prediction: Prediction) -> None:
    booster = fit(matrix, prediction.parameters)
    raw = to_bytes(booster)
    (kept,) = from_bytes([raw], hashlib.sha256(raw).hexdigest())
    scores = predict(kept, matrix.values)
    np.testing.assert_array_equal(scores, predict(booster, matrix.values))
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()
    assert kept.feature_names == list(matrix.features)


def test_rounds_are_the_number_of_trees(matrix: Matrix, prediction: Prediction) -> None:
    assert fit(matrix, {**prediction.parameters, "rounds": 3}).num_boosted_rounds() == 3


def test_changed_bytes_are_refused(matrix: Matrix, prediction: Prediction) -> None:
    raw = to_bytes(fit(matrix, prediction.parameters))
    sha256 = hashlib.sha256(raw).hexdigest()
    tampered = raw[:-1] + bytes([raw[-1] ^ 1])
    with pytest.raises(ValueError, match="sha256: train again with retrain: true"):
        from_bytes([tampered], sha256)


DAY = date(2024, 5, 31)


def test_snapshots_within_30_days_of_a_year_ago_count_more() -> None:
    ages = [300, 334, 335, 365, 395, 396, 730]
    dates = np.array([DAY - timedelta(days=age) for age in ages], "datetime64[D]")
    weights = season_weights(dates, 3, DAY)
    assert weights is not None
    assert weights.tolist() == [1, 1, 3, 3, 3, 1, 1]
    assert season_weights(dates, 1, DAY) is None
    assert season_weights(dates, 3, None) is None


def test_a_season_that_weighs_more_draws_the_scores_to_it(prediction: Prediction) -> None:
    """The same customers, silent a year ago and active half a year ago."""
    values = np.tile(np.arange(200, dtype=np.float32), 2)[:, np.newaxis]
    ago = np.array([DAY - timedelta(days=days) for days in (365, 180)], "datetime64[D]")
    rows = Matrix(("f",), values, np.repeat([1, 0], 200).astype(np.float32), np.repeat(ago, 200))
    given = {**prediction.parameters, "season_weight": 9, "rounds": 50}
    assert predict(fit(rows, given, DAY), values).mean() == pytest.approx(0.9, abs=0.02)
    assert predict(fit(rows, given), values).mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(("season_weight", "expected"), [(1, 3 / 4), (3, 9 / 10)])
def test_rows_count_by_their_own_weight_times_their_seasons(
    season_weight: float, expected: float
) -> None:
    """Nothing tells the customers apart: their mean label is all that can be learnt."""
    ago = np.array([DAY - timedelta(days=days) for days in (365, 180)], "datetime64[D]")
    labels = np.repeat([1, 0], 200).astype(np.float32)
    weights = np.repeat([1.5, 0.5], 200).astype(np.float32)
    rows = Matrix(("f",), np.ones((400, 1), np.float32), labels, np.repeat(ago, 200))
    weighted = replace(rows, weights=weights)
    half = weighted.where(np.arange(400) % 2 == 0)
    assert half.weights is not None
    assert half.weights.tolist() == weights[::2].tolist()
    parameters = {"rounds": 100, "learning_rate": 0.3, "season_weight": season_weight}
    for matrix in (weighted, half.only(["f"])):
        scores = predict(fit(matrix, parameters, DAY), rows.values)
        assert scores.mean() == pytest.approx(expected, abs=0.01)
