"""How much of a figure is luck: the bootstrap (Efron 1979)."""

from collections.abc import Callable

import numpy as np

RESAMPLES, RESAMPLES_AT_ONCE = 200, 20
# noise on so many rows is small enough: what lies within it makes no difference to anybody
MOST_ROWS = 20_000
SEED = 7

# (outcomes, scores, weights: lines × rows) → one figure per line, higher is better
Quality = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def resampled(quality: Quality, outcomes: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """A figure as it might have come out: rows are drawn anew, each a Poisson number of times.

    The same rows are drawn for the same number of rows: two sets of scores of the same customers
    are compared by the differences of theirs.

    Args:
        outcomes, scores: one per row, in an order that means nothing for every n-th row.

    Returns:
        RESAMPLES figures; those that can't be told, as without any positive, are left out as NaN.
    """
    step = -(-len(outcomes) // MOST_ROWS)
    outcomes, scores = outcomes[::step], scores[::step]
    random = np.random.default_rng(SEED)
    found = []
    for _ in range(RESAMPLES // RESAMPLES_AT_ONCE):
        weights = random.poisson(1, (RESAMPLES_AT_ONCE, len(outcomes)))
        with np.errstate(divide="ignore", invalid="ignore"):
            found.append(quality(outcomes, scores, weights))
    return np.concatenate(found)


def is_worse(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether a figure is worse than that of other scores of the same customers, beyond noise.

    That is when the whole 95% interval of the paired difference lies below 0.

    Args:
        one, other: both as `resampled` gives them.
    """
    return bool(np.nanquantile(one - other, 0.975) < 0)


def noise(quality: Quality, outcomes: np.ndarray, scores: np.ndarray) -> float:
    """The standard error of a figure."""
    return float(np.nanstd(resampled(quality, outcomes, scores)))
