"""How long until something comes: accelerated failure times (Wei 1992).

A wait that isn't over says that it lasts longer than what is known: it is censored. The log of
waits is normal around what the booster says, with one spread for all, so one booster gives the
probability within any number of days, and the median.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

import numpy as np
import xgboost
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from regulars.training import booster as boosting
from regulars.training.matrix import Matrix
from regulars.training.metrics import measure, weighted_aucs
from regulars.training.objectives.objective import Scores

NARROWEST, WIDEST = 0.2, 5.0
LONGEST_DAYS = 3650.0
AFT = {"objective": "survival:aft", "aft_loss_distribution": "normal"}


@dataclass(frozen=True)
class WaitingTimeModel:
    """One booster of days, and the spread of the log of waits around it."""

    booster: xgboost.Booster
    scale: float
    horizon_days: int

    @property
    def boosters(self) -> tuple[xgboost.Booster, ...]:
        """The one that there is."""
        return (self.booster,)

    @property
    def shape(self) -> dict[str, float]:
        """The spread."""
        return {"scale": self.scale}

    def probability(self, values: np.ndarray) -> np.ndarray:
        """How likely the wait is over within horizon_days."""
        away = (np.log(self.horizon_days) - self._log_days(values)) / self.scale
        return np.asarray(norm.cdf(away), dtype=np.float32)

    def scores(self, values: np.ndarray, probability: np.ndarray) -> Scores:
        """The probability, and the median of waits that are as a season has them.

        The season raises the probability to wait on to some power, for every number of days: the
        median lies where the power of one half is.
        """
        probability = probability.astype(np.float64)
        within = np.clip(self.probability(values).astype(np.float64), 1e-6, 1 - 1e-6)
        waits = np.log1p(-np.clip(probability, 1e-6, 1 - 1e-6)) / np.log1p(-within)
        half = norm.isf(np.exp(np.log(0.5) / waits))
        days = np.exp(self._log_days(values) + self.scale * half)
        return Scores(probability, median_days=np.clip(days, 1, LONGEST_DAYS))

    def contributions(self, values: np.ndarray, method: str) -> np.ndarray:
        """In log-days, turned round: what is above 0 brings it sooner."""
        return -boosting.contributions(self.booster, values, method)

    def _log_days(self, values: np.ndarray) -> np.ndarray:
        days = boosting.predict(self.booster, values).astype(np.float64)
        return np.asarray(np.log(np.clip(days, 1e-3, 1e9)))


@dataclass(frozen=True)
class WaitingTime:
    """Labels are days, from 1 on; where they are censored, days known to have passed without.

    Attributes:
        horizon_days: within how many days the score says that the wait is over.
    """

    horizon_days: int
    most_calibration_error: ClassVar[float] = 0.05
    quality_metric: ClassVar[tuple[str, str]] = ("AUC", "auc")
    amount_days: ClassVar[None] = None

    def error_unit(self, outcomes: np.ndarray) -> float:
        """Probabilities are told as they are."""
        return 1.0

    def events(self, matrix: Matrix) -> Matrix:
        """Whether the wait was over within horizon_days; the window of every row has closed."""
        over = matrix.labels <= self.horizon_days
        return matrix.labelled(over if matrix.censored is None else over & ~matrix.censored)

    def known_on(self, matrix: Matrix, day: date) -> Matrix:
        """Waits that ended after the day are censored on it."""
        known_days = (np.datetime64(day) - matrix.dates).astype(np.float32)
        ended = matrix.labels <= known_days
        if matrix.censored is not None:
            ended &= ~matrix.censored
        return matrix.labelled(np.minimum(matrix.labels, known_days), ~ended)

    def fit(
        self, matrix: Matrix, parameters: Mapping[str, Any], day: date | None = None
    ) -> WaitingTimeModel:
        """Learns a booster of days, then the spread that makes what came likeliest."""
        if matrix.censored is None:
            matrix = replace(matrix, censored=np.zeros(len(matrix), bool))
        booster = boosting.fit(matrix, {**parameters, **AFT}, day)
        fitted = WaitingTimeModel(booster, 1.0, self.horizon_days)
        away = np.log(matrix.labels.astype(np.float64)) - fitted._log_days(matrix.values)
        return replace(fitted, scale=likeliest_scale(away, np.asarray(matrix.censored)))

    def restore(
        self, boosters: Sequence[xgboost.Booster], shape: Mapping[str, Any]
    ) -> WaitingTimeModel:
        """The model that was kept."""
        return WaitingTimeModel(boosters[0], float(shape["scale"]), self.horizon_days)

    def outcomes(self, matrix: Matrix) -> np.ndarray:
        """Whether the wait was over within horizon_days."""
        return self.events(matrix).labels.astype(np.float64)

    def measure(self, outcomes: np.ndarray, scores: Scores) -> dict[str, float]:
        """Of the probability within horizon_days."""
        return measure(outcomes, scores.score)

    def quality(self, outcomes: np.ndarray, score: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The AUC."""
        return weighted_aucs(outcomes, score, weights)


def likeliest_scale(away: np.ndarray, censored: np.ndarray) -> float:
    """The spread of normal distances of which the censored ones are only known to be longer.

    Args:
        away: log waits from what was expected, one per row.
        censored: whether the wait lasted longer than that.
    """
    ended, lasting = np.sort(away[~censored]), np.sort(away[censored])

    def unlikeliness(scale: float) -> float:
        told = norm.logpdf(ended / scale).sum() - len(ended) * np.log(scale)
        return -float(told + norm.logsf(lasting / scale).sum())

    found = minimize_scalar(unlikeliness, bounds=(NARROWEST, WIDEST), method="bounded")
    return round(float(found.x), 4)
