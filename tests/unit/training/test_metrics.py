"""The registry's figures against small examples worked out by hand."""

import math

import numpy as np
import pytest
from sklearn.metrics import mean_tweedie_deviance, roc_auc_score

from regulars.training.metrics import (
    calibration_error,
    measure,
    measure_amounts,
    perfect_calibration_error,
    tweedie_deviances,
    weighted_aucs,
)


def test_the_figures_of_four_rows() -> None:
    labels = np.array([0, 1, 0, 1], np.float32)
    scores = np.array([0.1, 0.4, 0.5, 0.8], np.float32)
    figures = measure(labels, scores)
    # 3 of the 4 pairs of a positive and a negative stand in the right order
    assert figures["auc"] == pytest.approx(3 / 4)
    # the positives stand first and third: (1/1 + 2/3) / 2
    assert figures["average_precision"] == pytest.approx(5 / 6)
    right = [0.9, 0.4, 0.5, 0.8]
    assert figures["log_loss"] == pytest.approx(-sum(map(math.log, right)) / 4, rel=1e-6)
    assert figures["base_rate"] == 0.5
    assert figures["mean_score"] == pytest.approx(0.45)


def test_lift_is_the_top_tenth_over_the_average() -> None:
    labels = np.zeros(20, np.float32)
    labels[[3, 7, 11, 15]] = 1
    scores = np.linspace(0, 0.5, 20).astype(np.float32)
    scores[3], scores[8] = 0.9, 0.8  # the top two: one is positive, the average is 4 in 20
    assert measure(labels, scores)["lift_10"] == pytest.approx(0.5 / 0.2)


def test_fewer_than_ten_rows_have_a_top_of_one() -> None:
    assert measure(np.array([1, 0, 0]), np.array([0.9, 0.2, 0.1]))["lift_10"] == pytest.approx(3)


def test_scores_of_0_and_1_have_a_finite_loss() -> None:
    figures = measure(np.array([1, 0, 1]), np.array([1, 0, 0], np.float32))
    assert math.isfinite(figures["log_loss"])


def test_the_calibration_error_is_the_mean_distance_of_bins_of_equal_size() -> None:
    scores = np.array([0.9, 0.1, 0.7, 0.3], np.float32)
    labels = np.array([1, 0, 1, 1], np.float32)
    # below: mean score 0.2, share 0.5; above: 0.8 and 1
    assert calibration_error(labels, scores, bins=2) == pytest.approx((0.3 + 0.2) / 2)
    assert calibration_error(labels, scores, bins=1) == pytest.approx(0.75 - 0.5)
    # ten bins of four rows: each row is one
    assert calibration_error(labels, scores) == pytest.approx((0.1 + 0.1 + 0.3 + 0.7) / 4)
    assert measure(labels, scores)["calibration_error"] == calibration_error(labels, scores)


def test_larger_bins_weigh_more() -> None:
    scores, labels = np.array([0, 0.5, 0.5]), np.array([0, 1, 0])
    # bins of two and of one: |0.5 - 0.25| × 2 and |0 - 0.5| × 1
    assert calibration_error(labels, scores, bins=2) == pytest.approx((0.5 + 0.5) / 3)


def test_the_figures_of_four_amounts() -> None:
    outcomes, scores = np.array([0.0, 10, 0, 30]), np.array([2.0, 6, 4, 20])
    figures = measure_amounts(outcomes, scores)
    assert figures["mean_absolute_error"] == (2 + 4 + 4 + 10) / 4
    assert figures["root_mean_squared_error"] == pytest.approx(math.sqrt((4 + 16 + 16 + 100) / 4))
    assert figures["bias_share"] == pytest.approx(32 / 40 - 1)
    assert figures["base_rate"] == 10
    assert figures["mean_score"] == 8
    assert figures["auc"] == 1
    # one in the top tenth, which came to three times the mean
    assert figures["lift_10"] == 3
    # every row is a bin of its own; as a share of the mean outcome
    assert figures["calibration_error"] == pytest.approx((2 + 4 + 4 + 10) / 4 / 10)


def test_deviances_are_those_of_the_library() -> None:
    random = np.random.default_rng(1)
    outcomes = random.gamma(1, 50, 200) * random.integers(0, 2, 200)
    scores = random.gamma(2, 20, 200)
    assert tweedie_deviances(outcomes, scores).mean() == pytest.approx(
        mean_tweedie_deviance(outcomes, scores, power=1.5)
    )
    assert np.isfinite(tweedie_deviances(outcomes, np.where(scores > 30, scores, 0))).all()


def test_weighted_aucs_are_those_of_rows_that_stand_so_often() -> None:
    random = np.random.default_rng(1)
    labels = random.integers(0, 2, 60).astype(float)
    scores = random.integers(0, 9, 60).astype(float)
    weights = random.integers(0, 4, (5, 60))
    expected = [roc_auc_score(np.repeat(labels, line), np.repeat(scores, line)) for line in weights]
    assert weighted_aucs(labels, scores, weights) == pytest.approx(expected)


def test_true_probabilities_have_the_error_that_is_expected_of_them() -> None:
    random = np.random.default_rng(1)
    scores = random.uniform(size=3000)
    errors, expected = [], []
    for _ in range(100):
        labels = (random.uniform(size=3000) < scores).astype(float)
        errors.append(calibration_error(labels, scores))
        expected.append(perfect_calibration_error(labels, scores))
    assert np.mean(expected) == pytest.approx(np.mean(errors), rel=0.05)
