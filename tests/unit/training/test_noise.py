"""How much of a difference is luck."""

import numpy as np
import pytest

from regulars.training.metrics import weighted_aucs
from regulars.training.noise import MOST_ROWS, is_worse, noise, resampled


def forecast(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities, and labels that came as often as they say."""
    random = np.random.default_rng(seed)
    scores = random.uniform(size=count)
    return (random.uniform(size=count) < scores).astype(float), scores


def test_the_noise_is_that_of_other_samples() -> None:
    """As large as the spread over samples that are drawn for real."""
    aucs = [
        weighted_aucs(labels, scores, np.ones((1, 1000), int))[0]
        for labels, scores in (forecast(1000, seed) for seed in range(300))
    ]
    assert noise(weighted_aucs, *forecast(1000)) == pytest.approx(np.std(aucs), rel=0.2)


def test_a_little_worse_is_noise_and_much_worse_isnt() -> None:
    labels, scores = forecast(2000)
    random = np.random.default_rng(3)
    blurred = scores + random.normal(0, 0.02, 2000)
    useless = random.uniform(size=2000)
    slightly, badly, well = (
        resampled(weighted_aucs, labels, one) for one in (blurred, useless, scores)
    )
    assert not is_worse(slightly, well)
    assert is_worse(badly, well)
    assert not is_worse(well, badly)
    assert not is_worse(well, well)


def test_pairs_are_told_apart_better_than_two_samples() -> None:
    labels, scores = forecast(2000)
    blurred = scores + np.random.default_rng(3).normal(0, 0.1, 2000)
    gains = resampled(weighted_aucs, labels, scores) - resampled(weighted_aucs, labels, blurred)
    assert np.std(gains) < noise(weighted_aucs, labels, scores) / 2


def test_many_rows_cost_no_more_than_some() -> None:
    labels, scores = forecast(5 * MOST_ROWS)
    seen = []

    def quality(outcomes: np.ndarray, ones: np.ndarray, weights: np.ndarray) -> np.ndarray:
        seen.append(len(outcomes))
        return weighted_aucs(outcomes, ones, weights)

    assert resampled(quality, labels, scores) == pytest.approx(
        resampled(weighted_aucs, labels[::5], scores[::5])
    )
    assert set(seen) == {MOST_ROWS}


def test_a_sample_without_a_positive_is_left_out() -> None:
    labels = np.zeros(200)
    labels[0] = 1
    assert 0 <= noise(weighted_aucs, labels, np.arange(200.0)) < 1
