"""Differences between models with their noise: the same customers are drawn for both.

A customer stands on several test dates: whoever is drawn twice counts twice on each of them.
"""

from collections.abc import Callable, Sequence

import numpy as np

RESAMPLES = 500
# labels, scores, weights (resamples × rows) → a figure per resample
Metric = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def resampled(
    customers: Sequence[np.ndarray],
    labels: Sequence[np.ndarray],
    scores: Sequence[Sequence[np.ndarray]],
    metric: Metric,
    times: int = RESAMPLES,
) -> np.ndarray:
    """A figure as it is, then as it would be for other draws of the same customers.

    Args:
        customers, labels: by test date.
        scores: by test date, by seed.

    Returns:
        1 + `times` means over dates and seeds; the draws are the same in each call with the
        same customers, so differences between calls are paired.
    """
    people, places = np.unique(np.concatenate(list(customers)), return_inverse=True)
    random = np.random.default_rng(1)
    drawn = random.multinomial(len(people), np.full(len(people), 1 / len(people)), times)
    weights = np.vstack([np.ones((1, len(people)), drawn.dtype), drawn])
    ends = np.cumsum([len(one) for one in customers])[:-1]
    by_date = [
        np.mean([metric(known, one, weights[:, rows]) for one in found], axis=0)
        for known, rows, found in zip(labels, np.split(places, ends), scores, strict=True)
    ]
    return np.asarray(np.mean(by_date, axis=0))


def difference(ours: np.ndarray, theirs: np.ndarray) -> str:
    """How much better we are, with a 95% interval, from two results of `resampled`."""
    gains = ours - theirs
    low, high = np.quantile(gains[1:], [0.025, 0.975])
    return f"{gains[0]:+.4f} [{low:+.4f}, {high:+.4f}]"
