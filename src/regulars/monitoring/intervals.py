"""Bootstrap intervals whose cost doesn't grow with the number of customers.

Customers are put into at most BINS bins first, and the counts of the bins are drawn instead of the
customers: with a bin for each distinct score that is the bootstrap itself, with fewer the scores
inside of a bin count as equal.
"""

import numpy as np

BINS = 1000
DRAWS = 300
SEED = 20260101

Interval = tuple[float | None, float | None]

# what probability_intervals tells of
RANKED = ("auc", "average_precision", "calibration_error", "hit_rate")


def probability_intervals(
    labels: np.ndarray, scores: np.ndarray, points: dict[str, float]
) -> dict[str, Interval]:
    """95% intervals of figures on probabilities.

    Args:
        labels: 0 or 1, both present.
        scores: one per label.
        points: the figures themselves, by names in RANKED.

    Returns:
        Lower and upper by the same names, between 0 and 1.
    """
    order = np.argsort(scores, kind="stable")
    labels, scores = labels[order].astype(np.int64), scores[order].astype(float)
    rows = len(scores)
    tenth = np.repeat(np.arange(min(10, rows)), _part_sizes(rows, min(10, rows)))
    bin_ = _bins(scores)
    # a cell: the rows of one bin and tenth; both grow with the score
    starts = np.flatnonzero(np.diff(bin_ * 10 + tenth, prepend=-1))
    sizes = np.add.reduceat(np.ones(rows, np.int64), starts)
    ones = np.add.reduceat(labels, starts)
    means = np.add.reduceat(scores, starts) / sizes

    chances = np.concatenate([ones, sizes - ones]) / rows
    drawn = np.random.default_rng(SEED).multinomial(rows, chances / chances.sum(), size=DRAWS)
    positives, negatives = drawn[:, : len(sizes)], drawn[:, len(sizes) :]

    first_of_bin = np.flatnonzero(np.diff(bin_[starts], prepend=-1))
    auc, average_precision = _ranking(
        np.add.reduceat(positives, first_of_bin, axis=1)[:, ::-1],
        np.add.reduceat(negatives, first_of_bin, axis=1)[:, ::-1],
    )
    first_of_tenth = np.flatnonzero(np.diff(tenth[starts], prepend=-1))
    counts = np.add.reduceat(positives + negatives, first_of_tenth, axis=1)
    said = np.add.reduceat((positives + negatives) * means, first_of_tenth, axis=1)
    came = np.add.reduceat(positives, first_of_tenth, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        draws = {
            "auc": auc,
            "average_precision": average_precision,
            "calibration_error": np.abs(said - came).sum(axis=1) / rows,
            "hit_rate": came[:, -1] / counts[:, -1],
        }
    return {
        name: _within(around(points[name], of), 0, 1)
        for name, of in draws.items()
        if name in points
    }


def amount_intervals(
    outcomes: np.ndarray, errors: np.ndarray, points: dict[str, float | None]
) -> dict[str, Interval]:
    """95% intervals of figures on amounts.

    Args:
        outcomes: what came.
        errors: what was said minus what came.
        points: mean_absolute_error and bias_share themselves.

    Returns:
        Lower and upper by the same names; of a figure that is None, None.
    """
    groups = min(len(outcomes), BINS)
    group = np.arange(len(outcomes)) % groups
    sums = np.stack(
        [
            np.bincount(group, weights=of, minlength=groups)
            for of in (np.abs(errors), errors, outcomes, np.ones(len(outcomes)))
        ],
        axis=1,
    )
    times = np.random.default_rng(SEED).multinomial(groups, [1 / groups] * groups, size=DRAWS)
    absolute, error, came, count = (times @ sums).T
    with np.errstate(invalid="ignore", divide="ignore"):
        draws = {"mean_absolute_error": absolute / count, "bias_share": error / came}
    return {name: around(points[name], of) for name, of in draws.items()}


def around(point: float | None, draws: np.ndarray) -> Interval:
    """The middle 95% of the draws, shifted so that their mean is the figure itself.

    Drawing adds noise of its own, which makes a calibration error larger in nearly every draw: not
    shifted, its interval would lie above it.
    """
    known = draws[np.isfinite(draws)]
    if point is None or not len(known):
        return None, None
    lower, upper = np.percentile(known, [2.5, 97.5]) - (known.mean() - point)
    return float(lower), float(upper)


def _within(interval: Interval, least: float, most: float) -> Interval:
    """An interval, cut to what the figure may be."""
    lower, upper = interval
    if lower is None or upper is None:
        return None, None
    return max(lower, least), min(upper, most)


def _part_sizes(rows: int, parts: int) -> np.ndarray:
    """How many rows each of so many equal parts has, as np.array_split cuts them."""
    return np.full(parts, rows // parts) + (np.arange(parts) < rows % parts)


def _bins(scores: np.ndarray) -> np.ndarray:
    """The bin of each of the ascending scores: equal ones share it, and there are at most BINS."""
    is_new = np.diff(scores, prepend=scores[0]) != 0
    distinct = np.cumsum(is_new)
    if distinct[-1] < BINS:
        return distinct
    # by where a score's first row stands
    first = np.maximum.accumulate(np.where(is_new, np.arange(len(scores)), 0))
    return first * BINS // len(scores)


def _ranking(positives: np.ndarray, negatives: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """AUC and average precision of each draw, from its counts by bin, the highest scores first."""
    found = np.cumsum(positives, axis=1)
    looked_at = found + np.cumsum(negatives, axis=1)
    all_positives, all_negatives = found[:, -1], negatives.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        auc = (negatives * (found - positives / 2)).sum(axis=1) / (all_positives * all_negatives)
        precision = np.where(looked_at > 0, found / looked_at, 0.0)
        average_precision = (positives * precision).sum(axis=1) / all_positives
    return auc, average_precision
