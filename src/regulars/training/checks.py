"""What data must have before a model may be learnt from it, and what is left out of it."""

import numpy as np

from regulars.errors import UserError
from regulars.training.matrix import Matrix

MINIMUM_ROWS = 500
MINIMUM_OF_EACH_CLASS = 50
# nothing that is known before the window tells so much of what comes in it
SUSPICIOUS_AUC = 0.98
# of each class: an AUC near 1 shows on few rows, and sorting many costs as much as learning
ROWS_TO_SUSPECT = 20_000
ROWS_TO_DIFFER = 1000


class TrainingRefusedError(UserError):
    """The data can't teach a model; the registry keeps the reason."""


def check_learnable(matrix: Matrix) -> None:
    """Refuses data that no model can be learnt from.

    Raises:
        TrainingRefusedError: with the figure that is too small, and what it must be.
    """
    if len(matrix) < MINIMUM_ROWS:
        raise TrainingRefusedError(
            f"{len(matrix)} rows with a closed label window, {MINIMUM_ROWS} are needed"
        )
    positives = int(matrix.labels.sum())
    fewest = min(positives, len(matrix) - positives)
    if fewest < MINIMUM_OF_EACH_CLASS:
        raise TrainingRefusedError(
            f"{positives} positive and {len(matrix) - positives} negative labels,"
            f" at least {MINIMUM_OF_EACH_CLASS} of each are needed"
        )


def useless_features(matrix: Matrix) -> dict[str, str]:
    """The features that say the same of everybody, each with why: no tree can use them.

    Returns:
        `always missing` or `always <value>`, by name; a feature that is missing for some only
        tells them apart.
    """
    # most features differ within few rows: only the others are looked at whole
    head = matrix.values[:ROWS_TO_DIFFER]
    alike = ((head == head[0]) | (np.isnan(head) & np.isnan(head[0]))).all(axis=0)
    found = {}
    for place in np.flatnonzero(alike):
        name, values = matrix.features[place], matrix.values[:, place]
        if np.isnan(values).all():
            found[name] = "always missing"
        elif (values == values[0]).all():
            found[name] = f"always {_told(matrix, name, values[0])}"
    return found


def check_no_leak(matrix: Matrix) -> None:
    """Refuses data in which one feature alone tells the label.

    Raises:
        TrainingRefusedError: naming the features, with how well each does it.
    """
    leaks = [
        f"{name} (AUC {auc:.3f})"
        for name, auc in single_aucs(matrix).items()
        if auc > SUSPICIOUS_AUC
    ]
    if leaks:
        raise TrainingRefusedError(
            f"the label can be told from one feature alone: {', '.join(leaks)}. Does it know"
            " what came after as_of_date?"
        )


def single_aucs(matrix: Matrix) -> dict[str, float]:
    """How well each feature alone tells two classes apart, by name."""
    positives, negatives = (matrix.values[_some(matrix.labels == label)] for label in (1, 0))
    aucs = {}
    for place, name in enumerate(matrix.features):
        above, below = positives[:, place], negatives[:, place]
        if name in matrix.categories:
            above, below = _as_rates(above, below, len(matrix.categories[name]))
        aucs[name] = single_auc(above, below)
    return aucs


def single_auc(positives: np.ndarray, negatives: np.ndarray) -> float:
    """How well one feature alone tells two classes apart, whichever way round.

    Args:
        positives: its values where the label is 1; NaN where missing.
        negatives: where it is 0.

    Returns:
        The share of (positive, negative) pairs in the right order, ties counting half, from 0.5
        to 1; missing values stand below or above all others, whichever tells more.
    """
    best = 0.5
    for missing in (-np.inf, np.inf):
        above = np.where(np.isnan(positives), missing, positives)
        below = np.sort(np.where(np.isnan(negatives), missing, negatives))
        lower = np.searchsorted(below, above, "left") + np.searchsorted(below, above, "right")
        auc = float(lower.mean()) / 2 / len(below)
        best = max(best, auc, 1 - auc)
    return best


def _as_rates(
    positives: np.ndarray, negatives: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Categories as numbers that have an order: how often label 1 came with them.

    Learnt on one half of the rows, for the other: of a rare category any row tells its own label.
    """
    codes = [np.nan_to_num(values, nan=count).astype(np.int64) for values in (positives, negatives)]
    ones, zeros = (np.bincount(some[::2], minlength=count + 1) for some in codes)
    usual = ones.sum() / (ones.sum() + zeros.sum())
    rates = (ones + usual) / (ones + zeros + 1)
    above, below = (rates[some[1::2]] for some in codes)
    return above, below


def _told(matrix: Matrix, name: str, value: float) -> str:
    known = matrix.categories.get(name)
    return f"{value:g}" if known is None else known[int(value)]


def _some(chosen: np.ndarray) -> np.ndarray:
    """The places of some of the rows that a mask chooses, evenly over all days."""
    places = np.flatnonzero(chosen)
    return places[:: max(1, len(places) // ROWS_TO_SUSPECT)]
