"""The baseline that needs no model: recency, frequency and monetary value, in fifths.

It scores where no model can be learnt, and beside every model, so that anybody sees what the model
is worth. Customers get 1 to 5 points for each of the three (Hughes 1994); who has as many points
in all gets the same: what came of such customers before, or, while nothing is known of them, more
the more points they have.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from regulars.training.matrix import Matrix, column
from regulars.training.seasons import RECENCY, TENURE

FREQUENCY, MONETARY = "purchases_count", "revenue_amount"
# whether more of it gives more points
VALUES = {RECENCY: False, FREQUENCY: True, MONETARY: True}
FEATURES = (*VALUES, TENURE)
FEWEST_POINTS, MOST_POINTS = 3, 15
GROUPS = MOST_POINTS - FEWEST_POINTS + 1
# so many customers' worth a belief from before the data counts; by so much the odds rise a point
BELIEF, LOG_ODDS_PER_POINT = 20, 0.25


@dataclass(frozen=True)
class Rules:
    """A table of scores by points.

    Attributes:
        limits: four ascending limits of each of VALUES; a value that reaches one is above it.
        by_points: the score with FEWEST_POINTS to MOST_POINTS; for amounts, how often the amount
            that a customer would spend by going on as before.
        amount_days: over how many days amounts are expected; None for probabilities.
    """

    limits: Mapping[str, list[float]] = field(default_factory=dict)
    by_points: tuple[float, ...] = (0.5,) * GROUPS
    amount_days: int | None = None

    def score(self, values: np.ndarray, features: tuple[str, ...]) -> np.ndarray:
        """Probabilities or amounts of rows × features; float64, one per row."""
        scores = np.array(self.by_points)[self._points(values, features)]
        if self.amount_days is not None:
            scores = scores * as_before(values, features, self.amount_days)
        return np.asarray(scores)

    def _points(self, values: np.ndarray, features: tuple[str, ...]) -> np.ndarray:
        """From 0 for FEWEST_POINTS on; what is missing gets the fewest."""
        points = np.zeros(len(values), int)
        for name, more_is_better in VALUES.items():
            known = column(values, features, name)
            above = np.searchsorted(self.limits.get(name, []), known, side="right")
            fifth = above if more_is_better else len(self.limits.get(name, [])) - above
            points += np.where(np.isnan(known), 0, fifth)
        return points

    def to_json(self) -> str:
        """As the registry keeps it."""
        kept = {"limits": self.limits, "by_points": self.by_points, "amount_days": self.amount_days}
        return json.dumps(kept, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Rules":
        """What a registry row holds."""
        kept = json.loads(text)
        return cls(kept["limits"], tuple(kept["by_points"]), kept["amount_days"])


def learn_rules(
    matrix: Matrix,
    outcomes: np.ndarray,
    means_silence: bool,
    days: int | None,
    customers: Matrix | None = None,
) -> Rules:
    """A table of what came of customers by their points; any number of rows will do, even none.

    Args:
        matrix: rows with a closed label window.
        outcomes: 0 or 1, or amounts; one per row.
        means_silence: whether outcome 1 says that nothing came: more points make it rarer.
        days: over how many days outcomes are amounts; None where they are 0 or 1.
        customers: rows whose fifths give the points, where nothing is known of what came of any;
            those of `matrix` unless given.
    """
    told = matrix if customers is None else customers
    limits = {
        name: [float(limit) for limit in np.quantile(known, (0.2, 0.4, 0.6, 0.8))]
        for name in VALUES
        if len(known := _known(column(told.values, told.features, name)))
    }
    points = Rules(limits)._points(matrix.values, matrix.features)
    counts = np.bincount(points, minlength=GROUPS)
    came = np.bincount(points, weights=outcomes, minlength=GROUPS)
    if days is not None:
        expected = as_before(matrix.values, matrix.features, days)
        usual = np.bincount(points, weights=expected, minlength=GROUPS)
        belief = BELIEF * expected.mean() if len(expected) and expected.mean() else 1.0
        share = (came.sum() + belief) / (usual.sum() + belief)
        by_points = (came + belief * share) / (usual + belief)
    else:
        share = (came.sum() + 1) / (counts.sum() + 2)
        steps = np.arange(GROUPS) - np.arange(GROUPS).mean()
        odds = (
            np.log(share / (1 - share)) + (-steps if means_silence else steps) * LOG_ODDS_PER_POINT
        )
        by_points = (came + BELIEF / (1 + np.exp(-odds))) / (counts + BELIEF)
    # shorter than the last bits of sums, so that no machine's order shows in them
    return Rules(limits, tuple(round(float(one), 6) for one in by_points), days)


def as_before(values: np.ndarray, features: tuple[str, ...], days: int) -> np.ndarray:
    """What each customer would spend in so many days at their rate so far; float64."""
    revenue, tenure = (
        np.nan_to_num(column(values, features, name).astype(np.float64))
        for name in (MONETARY, TENURE)
    )
    return np.asarray(np.maximum(revenue, 0) * days / np.maximum(tenure, days))


def _known(values: np.ndarray) -> np.ndarray:
    return np.asarray(values[~np.isnan(values)])
