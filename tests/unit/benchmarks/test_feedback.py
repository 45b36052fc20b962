"""Whom the simulated campaigns reach."""

import numpy as np
import pytest

from benchmarks.feedback import EVERYBODY, EXPLORING, GREEDY, lot, reached_by

ROWS = 100
SCORES = np.arange(ROWS) / ROWS
AWAY = np.arange(ROWS, dtype=np.float32)
NOBODY = np.zeros(ROWS, bool)
TODAY = np.arange(ROWS) >= 50


def test_greedy_takes_a_fifth_of_the_day_from_the_top() -> None:
    reached = reached_by(SCORES, AWAY, TODAY, NOBODY, GREEDY)
    assert np.flatnonzero(reached).tolist() == list(range(90, 100))


def test_equal_scores_are_taken_from_who_bought_last() -> None:
    reached = reached_by(np.ones(ROWS), AWAY, TODAY, NOBODY, GREEDY)
    assert np.flatnonzero(reached).tolist() == list(range(50, 60))


@pytest.mark.parametrize("explored", [[50, 51], [98, 99], [0, 1]])
def test_who_is_explored_is_reached_and_counts_in_the_budget(explored: list[int]) -> None:
    is_explored = NOBODY.copy()
    is_explored[explored] = True
    reached = reached_by(SCORES, AWAY, TODAY, is_explored, EXPLORING)
    assert reached.sum() == 10
    assert reached[is_explored & TODAY].all()
    assert not reached[~TODAY].any()


def test_everybody_is_reached_whatever_the_budget() -> None:
    assert (reached_by(SCORES, AWAY, TODAY, NOBODY, EVERYBODY) == TODAY).all()


def test_lots_stay_with_the_customer_and_change_with_the_seed() -> None:
    customers = np.tile(np.arange(2_000), 2)
    drawn = lot(customers, 1, "explored")
    assert (drawn[:2_000] == drawn[2_000:]).all()
    assert abs((drawn < 0.1).mean() - 0.1) < 0.02
    other = lot(customers, 2, "explored")
    assert abs(np.corrcoef(drawn, other)[0, 1]) < 0.1
