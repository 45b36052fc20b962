"""The registry's figures against small examples worked out by hand."""

import math

import numpy as np
import pytest

from regulars.training.metrics import calibration_error, measure


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
