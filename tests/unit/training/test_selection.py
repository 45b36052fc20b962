"""Rows that were reached against the odds count more."""

import duckdb
import numpy as np
import pytest

from regulars.engines.duckdb import DuckDBEngine
from regulars.training.matrix import read_training_matrix
from regulars.training.selection import (
    CHOSEN_BY,
    LARGEST_WEIGHT,
    chosen_by,
    reach_probabilities,
    selection_weights,
    weighted_by_selection,
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


def test_who_has_no_label_of_a_day_that_has_some_was_not_reached(engine: DuckDBEngine) -> None:
    """Buyers of more than 4 orders were nearly all reached, few of the others; today nobody yet."""
    view = engine.session.sql(
        "select customer::text as customer_id, date '2024-01-01' + 30 * day::integer as as_of_date,"
        " (hash(customer + day) % 10)::integer as purchases_count, day = 2 as is_current,"
        " case when day < 2 and hash(customer, day) % 10 < if(purchases_count > 4, 9, 1)"
        " then (customer % 2)::integer end as label"
        " from range(3000) as customers(customer), range(3) as days(day)"
    )
    matrix = read_training_matrix(engine, view)
    weighted = weighted_by_selection(engine, view, matrix)
    assert weighted.weights is not None
    assert (weighted.labels == matrix.labels).all()
    assert len(weighted.weights) == len(matrix)
    rare = matrix.values[:, 0] <= 4
    ratio = weighted.weights[rare].mean() / weighted.weights[~rare].mean()
    assert ratio == pytest.approx(9, rel=0.15)
    # the open window of today says nothing of anybody
    past = view.filter("not is_current")
    again = weighted_by_selection(engine, past, matrix)
    assert again.weights is not None
    assert again.weights.tobytes() == weighted.weights.tobytes()


def test_without_a_day_or_a_feature_nothing_is_weighed(
    engine: DuckDBEngine, view: duckdb.DuckDBPyRelation
) -> None:
    matrix = read_training_matrix(engine, view)
    assert weighted_by_selection(engine, view, matrix.only([])).weights is None
    nothing = matrix.where(np.zeros(len(matrix), bool))
    assert weighted_by_selection(engine, view, nothing).weights is None
