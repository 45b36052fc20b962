"""Waits: those that aren't over count, and the median moves with the season."""

from datetime import date

import numpy as np
import pytest

from regulars.training.matrix import Matrix
from regulars.training.objectives.waiting_time import (
    LONGEST_DAYS,
    WaitingTime,
    WaitingTimeModel,
    likeliest_scale,
)

PARAMETERS = {"rounds": 80, "max_depth": 3, "learning_rate": 0.1, "nthread": 1}
DAY = np.datetime64("2024-12-31")
SPREAD = 0.8


def waiting(customers: int = 4000, seed: int = 1, known_days: int = 60) -> tuple[Matrix, Matrix]:
    """Log-normal waits of 5 to 100 days by one feature, as known, and as they really were."""
    random = np.random.default_rng(seed)
    values = random.uniform(size=(customers, 2)).astype(np.float32)
    days = np.exp(np.log(5) + 3 * values[:, 0] + random.normal(0, SPREAD, customers))
    days = np.maximum(np.round(days), 1).astype(np.float32)
    dates = np.full(customers, DAY - np.timedelta64(known_days, "D"))
    truth = Matrix(("slow", "noise"), values, days, dates, np.zeros(customers, bool))
    return WaitingTime(30).known_on(truth, DAY.item()), truth


@pytest.fixture(scope="module")
def model() -> WaitingTimeModel:
    known, _ = waiting()
    return WaitingTime(30).fit(known, PARAMETERS)


def test_a_wait_that_isnt_over_is_censored_on_the_day() -> None:
    known, truth = waiting()
    assert known.censored is not None
    assert known.labels.max() == 60
    np.testing.assert_array_equal(known.censored, truth.labels > 60)
    np.testing.assert_array_equal(known.labels[~known.censored], truth.labels[~known.censored])
    earlier = WaitingTime(30).known_on(known, date(2024, 11, 11))
    assert earlier.labels.max() == 10
    assert earlier.censored is not None
    np.testing.assert_array_equal(earlier.censored, truth.labels > 10)


def test_probabilities_are_those_of_waits_that_end(model: WaitingTimeModel) -> None:
    _, later = waiting(seed=2)
    said = model.probability(later.values)
    happened = WaitingTime(30).events(later).labels
    for low in np.arange(0, 1, 0.25):
        there = (later.values[:, 0] >= low) & (later.values[:, 0] < low + 0.25)
        assert said[there].mean() == pytest.approx(happened[there].mean(), abs=0.06)


def test_half_of_the_waits_are_longer_than_the_median(model: WaitingTimeModel) -> None:
    _, later = waiting(seed=2)
    scores = model.scores(later.values, model.probability(later.values))
    assert scores.median_days is not None
    assert (later.labels > scores.median_days).mean() == pytest.approx(0.5, abs=0.03)
    slow = later.values[:, 0] > 0.8
    assert (later.labels > scores.median_days)[slow].mean() == pytest.approx(0.5, abs=0.07)


def test_the_spread_is_found_though_long_waits_are_cut_off(model: WaitingTimeModel) -> None:
    assert model.scale == pytest.approx(SPREAD, abs=0.08)
    away = np.random.default_rng(1).normal(0, 1.5, 5000)
    cut = np.minimum(away, 0.5)
    assert likeliest_scale(cut, away > 0.5) == pytest.approx(1.5, abs=0.08)


def test_a_busier_season_brings_the_median_sooner(model: WaitingTimeModel) -> None:
    values = np.full((3, 2), 0.5, np.float32)
    usual = float(model.probability(values)[0])
    scores = model.scores(values, np.array([usual, 1 - (1 - usual) ** 2, 1 - (1 - usual) ** 0.5]))
    assert scores.median_days is not None
    same, sooner, later = scores.median_days
    assert sooner < same < later
    assert same == pytest.approx(np.exp(model._log_days(values[:1])[0]), rel=1e-4)
    assert scores.score.tolist() == pytest.approx(
        [usual, 1 - (1 - usual) ** 2, 1 - (1 - usual) ** 0.5]
    )


def test_the_surest_probabilities_have_a_median(model: WaitingTimeModel) -> None:
    scores = model.scores(np.full((2, 2), 0.5, np.float32), np.array([0.0, 1.0]))
    assert scores.median_days is not None
    assert scores.median_days[0] == LONGEST_DAYS
    assert scores.median_days[1] >= 1


def test_what_brings_it_sooner_contributes_upwards(model: WaitingTimeModel) -> None:
    added = model.contributions(np.array([[0.02, 0.5], [0.98, 0.5]], np.float32), "exact")
    assert added[0, 0] > 0 > added[1, 0]


def test_a_kept_model_says_what_it_said(model: WaitingTimeModel) -> None:
    values = waiting(100)[0].values
    kept = WaitingTime(30).restore(model.boosters, model.shape)
    np.testing.assert_array_equal(kept.probability(values), model.probability(values))
