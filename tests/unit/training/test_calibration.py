"""Probabilities of a season: what holds for any scores, and the power that a share asks for."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.training.calibration import Calibration, season_power

SCORES = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=50).map(
    lambda values: np.array(values, np.float32)
)
POWERS = st.floats(0.1, 8)
DAY, LATER = date(2024, 5, 31), date(2024, 6, 30)


def calibrated(
    scores: np.ndarray, power: float, silence: bool = True, recency: float = 0
) -> np.ndarray:
    calibration = Calibration(silence, known_below=180, powers={DAY: power})
    return calibration.apply(scores, np.full(len(scores), recency), DAY)


@given(SCORES, POWERS, st.booleans(), st.sampled_from([0, 179, 180, float("nan")]))
def test_probabilities_stay_in_order_and_between_0_and_1(
    scores: np.ndarray, power: float, silence: bool, recency: float
) -> None:
    probabilities = calibrated(np.sort(scores), power, silence, recency)
    assert probabilities.dtype == np.float64
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert (np.diff(probabilities) >= 0).all()


@given(SCORES, st.booleans())
def test_without_a_season_scores_stay(scores: np.ndarray, silence: bool) -> None:
    recency = np.zeros(len(scores))
    for unchanging in (Calibration(silence), Calibration(silence, 180, {DAY: 1.0})):
        np.testing.assert_array_equal(unchanging.apply(scores, recency, DAY), scores.astype(float))


@given(SCORES, POWERS, st.booleans())
def test_what_the_registry_keeps_gives_the_same_bytes(
    scores: np.ndarray, power: float, silence: bool
) -> None:
    calibration = Calibration(silence, 180, {DAY: power, LATER: 1.25})
    kept = Calibration.from_json(calibration.to_json())
    assert kept == calibration
    recency = np.linspace(0, 365, len(scores))
    np.testing.assert_array_equal(
        kept.apply(scores, recency, LATER), calibration.apply(scores, recency, LATER)
    )


def test_a_model_from_before_calibration_scores_as_it_did() -> None:
    assert Calibration.from_json(None) == Calibration()


def test_a_busy_season_makes_silence_rarer_and_action_likelier() -> None:
    scores = np.array([0.25, 0.5], np.float32)
    assert calibrated(scores, 2).tolist() == pytest.approx([0.0625, 0.25])
    assert calibrated(scores, 2, silence=False).tolist() == pytest.approx([0.4375, 0.75])


def test_whom_last_year_cannot_tell_about_get_half_of_the_season() -> None:
    assert calibrated(np.array([0.5]), 4, recency=179).tolist() == pytest.approx([0.5**4])
    assert calibrated(np.array([0.5]), 4, recency=180).tolist() == pytest.approx([0.5**2])


def test_seasons_change_between_the_days_that_are_known_and_stay_beyond_them() -> None:
    calibration = Calibration(True, 180, {DAY: 1.0, LATER: 4.0})
    days = [date(2024, 1, 1), DAY, date(2024, 6, 15), LATER, date(2025, 1, 1)]
    found = [calibration.apply(np.array([0.5]), np.zeros(1), day)[0] for day in days]
    assert found == pytest.approx([0.5, 0.5, 0.5**2, 0.5**4, 0.5**4])


@given(st.lists(st.floats(0.05, 0.95), min_size=5, max_size=50), st.floats(0.4, 2.5), st.booleans())
def test_the_power_that_changed_the_scores_is_found(
    values: list[float], power: float, silence: bool
) -> None:
    scores = np.array(values, np.float32)
    share = float(calibrated(scores, power, silence).mean())
    assert season_power(scores, share, 10**9, silence) == pytest.approx(power, rel=1e-3)


@given(SCORES.filter(lambda scores: 0.05 < scores.mean() < 0.95), st.booleans())
def test_scores_that_are_right_already_stay(scores: np.ndarray, silence: bool) -> None:
    share = float(scores.astype(float).mean())
    assert season_power(scores, share, 5000, silence) == pytest.approx(1, abs=1e-3)


def test_few_customers_are_hardly_believed() -> None:
    scores = np.full(100, 0.5)
    powers = [season_power(scores, 0.25, rows, True) for rows in (5, 50, 500, 5000)]
    assert 1 < powers[0] < 1.5
    assert powers == sorted(powers)
    assert powers[-1] == pytest.approx(2, rel=0.02)


@pytest.mark.parametrize("share", [0, 1])
def test_a_share_of_all_or_nothing_is_bounded(share: float) -> None:
    power = season_power(np.full(100, 0.5), share, 5, True)
    assert 0.3 < power < 3


def test_the_order_of_the_customers_does_not_matter() -> None:
    scores = np.random.default_rng(1).uniform(size=1000).astype(np.float32)
    powers = {season_power(np.roll(scores, by), 0.3, 1000, True) for by in range(50)}
    assert len(powers) == 1
