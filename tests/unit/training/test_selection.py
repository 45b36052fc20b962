"""Rows that were reached against the odds count more."""

import numpy as np
import pytest

from regulars.training.selection import (
    CHOSEN_BY,
    LARGEST_WEIGHT,
    chosen_by,
    reach_probabilities,
    selection_weights,
)

ROWS = 20_000


@pytest.fixture(scope="module")
def campaign() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What customers are like, how likely each was reached, and who was.

    The first column decides: above 0 nine of ten are reached, below it one of ten.
    """
    draw = np.random.default_rng(1)
    values = draw.normal(size=(ROWS, 3)).astype(np.float32)
    values[draw.random(ROWS) < 0.1, 2] = np.nan
    odds = np.where(values[:, 0] > 0, 0.9, 0.1)
    return values, odds, draw.random(ROWS) < odds


def test_the_choice_is_found(campaign: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    values, odds, reached = campaign
    found = reach_probabilities(values, reached)
    assert abs(found[odds > 0.5].mean() - 0.9) < 0.01
    assert abs(found[odds < 0.5].mean() - 0.1) < 0.01
    assert np.abs(found - odds).mean() < 0.03


def test_no_row_tells_of_itself() -> None:
    """Where the choice was drawn by lot, a row that knew its own label would show."""
    draw = np.random.default_rng(2)
    values = draw.normal(size=(2_000, 10)).astype(np.float32)
    reached = draw.random(2_000) < 0.5
    found = reach_probabilities(values, reached)
    assert abs(found[reached].mean() - found[~reached].mean()) < 0.02


def test_weighted_the_reached_look_like_everybody(
    campaign: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    values, _, reached = campaign
    weights = selection_weights(values, reached)
    assert weights.shape == (reached.sum(),)
    assert weights.mean() == pytest.approx(1, abs=1e-6)
    everybody = (values[:, 0] > 0).mean()
    chosen = values[reached, 0] > 0
    assert chosen.mean() > everybody + 0.3
    assert np.average(chosen, weights=weights) == pytest.approx(everybody, abs=0.02)


def test_nobody_stands_for_too_many() -> None:
    """One in a hundred is reached of those below 0, all of the others."""
    draw = np.random.default_rng(3)
    values = draw.normal(size=(ROWS, 1)).astype(np.float32)
    reached = (values[:, 0] > 0) | (draw.random(ROWS) < 0.01)
    weights = selection_weights(values, reached)
    ratio = weights.max() / weights.min()
    assert LARGEST_WEIGHT * 0.9 < ratio <= LARGEST_WEIGHT
    assert selection_weights(values, reached, largest=1).tolist() == [1] * reached.sum()


@pytest.mark.parametrize("share", [0.0, 0.001, 1.0])
def test_a_choice_that_nothing_is_known_of_weighs_all_alike(share: float) -> None:
    draw = np.random.default_rng(4)
    values = draw.normal(size=(1_000, 2)).astype(np.float32)
    reached = draw.random(1_000) < share
    assert selection_weights(values, reached).tolist() == [1] * reached.sum()


def test_the_same_rows_weigh_the_same(
    campaign: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    values, _, reached = campaign
    first, second = selection_weights(values, reached), selection_weights(values, reached)
    assert first.tobytes() == second.tobytes()


def test_features_that_are_there_are_used() -> None:
    assert chosen_by(["weekend_share_365d", "revenue_amount", "purchases_count"]) == [
        "purchases_count",
        "revenue_amount",
    ]
    assert chosen_by(CHOSEN_BY) == list(CHOSEN_BY)
