"""The baseline by recency, frequency and monetary value: with much data, with little, with none."""

import json

import numpy as np
import pytest

from regulars.training.matrix import Matrix
from regulars.training.rules import (
    BELIEF,
    FREQUENCY,
    GROUPS,
    MONETARY,
    Rules,
    as_before,
    learn_rules,
)
from regulars.training.seasons import RECENCY, TENURE

FEATURES = (RECENCY, FREQUENCY, MONETARY, TENURE, "visits_count")


def customers(count: int) -> Matrix:
    random = np.random.default_rng(1)
    recency = random.integers(0, 365, count)
    orders = random.integers(1, 20, count)
    values = np.column_stack(
        [recency, orders, orders * 10.0, recency + 30, random.uniform(size=count)]
    ).astype(np.float32)
    return Matrix(FEATURES, values, np.zeros(count, np.float32), np.zeros(count, "datetime64[D]"))


BEST = np.array([[0, 20, 500, 300, 0]], np.float32)
WORST = np.array([[364, 1, 1, 364, 0]], np.float32)


def score(rules: Rules, values: np.ndarray) -> float:
    return float(rules.score(values, FEATURES)[0])


def test_customers_get_the_share_of_those_with_as_many_points() -> None:
    matrix = customers(20_000)
    points = Rules(learn_rules(matrix, matrix.labels, False, None).limits)._points(
        matrix.values, FEATURES
    )
    outcomes = (np.random.default_rng(2).uniform(size=len(matrix)) < points / 20).astype(float)
    rules = learn_rules(matrix, outcomes, False, None)
    for group in range(GROUPS):
        there = points == group
        assert rules.by_points[group] == pytest.approx(
            outcomes[there].mean(), abs=BELIEF / there.sum()
        )
    assert score(rules, BEST) > score(rules, WORST) + 0.3


@pytest.mark.parametrize("means_silence", [False, True])
def test_without_any_label_more_points_still_mean_more(means_silence: bool) -> None:
    matrix = customers(300)
    few = matrix.where(np.arange(300) < 300)
    rules = learn_rules(few, np.ones(300), means_silence, None)
    none = learn_rules(matrix.where(np.zeros(300, bool)), np.zeros(0), means_silence, None)
    assert none.by_points[GROUPS // 2] == 0.5
    assert np.all(np.diff(none.by_points) < 0 if means_silence else np.diff(none.by_points) > 0)
    assert all(0 < one < 1 for one in rules.by_points), "labels of one class promise nothing"
    direction = score(rules, BEST) - score(rules, WORST)
    assert direction < 0 if means_silence else direction > 0


def test_amounts_go_on_as_before_times_what_came_of_such_customers() -> None:
    matrix = customers(5_000)
    before = as_before(matrix.values, FEATURES, 90)
    rules = learn_rules(matrix, before / 2, False, 90)
    assert rules.score(matrix.values, FEATURES) == pytest.approx(before / 2, rel=0.01)
    none = learn_rules(matrix.where(np.zeros(5_000, bool)), np.zeros(0), False, 90)
    assert none.score(matrix.values, FEATURES) == pytest.approx(before)
    # 500 within 300 days; and who came a moment ago isn't expected to go on at that pace
    assert as_before(BEST, FEATURES, 90)[0] == pytest.approx(150)
    assert as_before(np.array([[0, 1, 40, 0, 0]], np.float32), FEATURES, 90)[0] == 40


def test_what_is_missing_gets_the_fewest_points() -> None:
    rules = learn_rules(customers(1_000), np.arange(1_000) % 2, False, None)
    missing = np.full((1, 5), np.nan, np.float32)
    assert score(rules, missing) == rules.by_points[0]
    assert rules.score(missing[:, :1], ("visits_count",))[0] == rules.by_points[0]
    bare = learn_rules(customers(1_000).only(["visits_count"]), np.arange(1_000) % 2, False, None)
    assert len(set(bare.score(BEST, FEATURES))) == 1


def test_the_registry_gives_back_what_it_keeps() -> None:
    for days in (None, 90):
        rules = learn_rules(customers(1_000), np.arange(1_000) % 2, False, days)
        assert Rules.from_json(rules.to_json()) == rules
        assert json.loads(rules.to_json())["amount_days"] == days


def test_the_order_of_rows_changes_nothing() -> None:
    matrix = customers(1_000)
    outcomes = np.arange(1_000) % 3 / 2
    turned = Matrix(FEATURES, matrix.values[::-1], matrix.labels, matrix.dates)
    for days in (None, 90):
        assert learn_rules(matrix, outcomes, False, days) == learn_rules(
            turned, outcomes[::-1], False, days
        )
