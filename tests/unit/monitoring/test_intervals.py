"""The bootstrap of bins against the bootstrap of rows, and against what chance really does."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from regulars.monitoring.intervals import (
    BINS,
    RANKED,
    amount_intervals,
    around,
    probability_intervals,
)
from regulars.monitoring.performance import probability_figures


def drawn(rows: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are right, and labels drawn by them."""
    draw = np.random.default_rng(seed)
    scores = draw.beta(2, 5, rows)
    return (draw.random(rows) < scores).astype(float), scores


def row_bootstrap(labels: np.ndarray, scores: np.ndarray, figure: object) -> np.ndarray:
    """The figure on 400 draws of the rows themselves."""
    draw, found = np.random.default_rng(2), []
    for _ in range(400):
        chosen = draw.integers(0, len(labels), len(labels))
        found.append(figure(labels[chosen], scores[chosen]))  # type: ignore[operator]
    return np.percentile(found, [2.5, 97.5])


@pytest.mark.parametrize("rounded_to", [16, 1], ids=["no ties", "eleven scores"])
def test_as_wide_as_the_bootstrap_of_rows(rounded_to: int) -> None:
    labels, scores = drawn(1500)
    scores = scores.round(rounded_to)
    figures = probability_figures(labels, scores)
    for name, figure in (("auc", roc_auc_score), ("average_precision", average_precision_score)):
        plain = row_bootstrap(labels, scores, figure)
        found = np.array([figures[f"{name}_lower"], figures[f"{name}_upper"]])
        assert found == pytest.approx(plain, abs=0.1 * (plain[1] - plain[0])), name


def test_the_figure_lies_within_and_the_truth_mostly_does() -> None:
    truth = roc_auc_score(*drawn(400_000, seed=9))
    hits = 0
    for seed in range(40):
        figures = probability_figures(*drawn(600, seed))
        for name in RANKED:
            assert figures[f"{name}_lower"] <= figures[name] <= figures[f"{name}_upper"], name
        hits += figures["auc_lower"] <= truth <= figures["auc_upper"]
    assert hits >= 34  # 38 expected


def test_more_rows_than_bins_give_a_narrower_interval() -> None:
    widths = []
    for rows in (BINS // 2, 20 * BINS):
        figures = probability_figures(*drawn(rows))
        widths.append(figures["auc_upper"] - figures["auc_lower"])
    assert widths[0] / widths[1] == pytest.approx(40**0.5, rel=0.3)


def test_the_same_rows_give_the_same_interval() -> None:
    labels, scores = drawn(700)
    assert probability_figures(labels, scores) == probability_figures(labels, scores)


def test_few_rows_are_no_error() -> None:
    points = {"auc": 1.0, "average_precision": 1.0, "calibration_error": 0.1, "hit_rate": 1.0}
    found = probability_intervals(np.array([0.0, 1.0]), np.array([0.1, 0.9]), points)
    assert set(found) == set(RANKED)
    assert found["auc"] == (1.0, 1.0)


def test_amounts_as_wide_as_their_standard_error() -> None:
    draw = np.random.default_rng(3)
    outcomes, errors = draw.gamma(2, 50, 5000), draw.normal(0, 10, 5000)
    points = {"mean_absolute_error": float(np.abs(errors).mean()), "bias_share": None}
    found = amount_intervals(outcomes, errors, points)
    lower, upper = found["mean_absolute_error"]
    wide = 2 * 1.96 * np.abs(errors).std() / 5000**0.5
    assert upper - lower == pytest.approx(wide, rel=0.2)
    assert found["bias_share"] == (None, None)


def test_what_drawing_adds_is_taken_off() -> None:
    lower, upper = around(1.0, np.array([3.0, 4.0, 5.0]))
    assert (lower, upper) == pytest.approx((0.05, 1.95))
    assert around(1.0, np.array([np.nan])) == (None, None)
