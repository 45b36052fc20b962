"""What every objective can do, and what every model of one gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol

import numpy as np
import xgboost

from regulars.training.matrix import Matrix


@dataclass(frozen=True)
class Scores:
    """What is said of customers, one row each.

    Attributes:
        score: float64: a probability, or an expected amount; higher is always more.
        lower, upper: the 80% interval of an amount; None for probabilities.
        median_days: the wait that is as likely too long as too short; None without waits.
    """

    score: np.ndarray
    lower: np.ndarray | None = None
    upper: np.ndarray | None = None
    median_days: np.ndarray | None = None


class Fitted(Protocol):
    """A model that was learnt: boosters, and a few numbers beside them."""

    @property
    def boosters(self) -> Sequence[xgboost.Booster]:
        """The first one, and one of amounts where there is one."""

    @property
    def shape(self) -> Mapping[str, Any]:
        """The numbers beside the boosters, as JSON can hold them."""

    def probability(self, values: np.ndarray) -> np.ndarray:
        """How likely label 1 of the objective's events is, uncalibrated; float32, one per row."""

    def scores(self, values: np.ndarray, probability: np.ndarray) -> Scores:
        """What is said of customers, once their probability is calibrated."""

    def contributions(self, values: np.ndarray, method: str) -> np.ndarray:
        """What each feature adds to the score; float32, rows × features, above 0 for more.

        Args:
            method: approximate or exact.
        """


class Objective(Protocol):
    """How one kind of label is learnt and judged.

    Attributes:
        most_calibration_error: what a model may have, beyond what even a perfect one would show.
        quality_metric: what `quality` is called by people, and in `measure`.
    """

    most_calibration_error: ClassVar[float]
    quality_metric: ClassVar[tuple[str, str]]

    @property
    def amount_days(self) -> int | None:
        """Over how many days outcomes are amounts; None where they are 0 or 1."""

    def error_unit(self, outcomes: np.ndarray) -> float:
        """What calibration errors are told in."""

    def events(self, matrix: Matrix) -> Matrix:
        """The same rows with labels 0 and 1: whether what the probability speaks of came."""

    def known_on(self, matrix: Matrix, day: date) -> Matrix:
        """The same rows with labels as they were known on a day."""

    def fit(self, matrix: Matrix, parameters: Mapping[str, Any], day: date | None = None) -> Fitted:
        """Learns from rows that `events` has both classes of.

        Args:
            parameters: XGBoost's and ours, as for `booster.fit`.
            day: the day that the training stands at, which has a season.
        """

    def restore(self, boosters: Sequence[xgboost.Booster], shape: Mapping[str, Any]) -> Fitted:
        """The model that was kept."""

    def outcomes(self, matrix: Matrix) -> np.ndarray:
        """What scores are held against: float64, one per row, in their unit."""

    def measure(self, outcomes: np.ndarray, scores: Scores) -> dict[str, float]:
        """The figures that the registry keeps, by name; `auc`, `base_rate`, `mean_score` and
        `calibration_error` are among them."""

    def quality(self, outcomes: np.ndarray, score: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """How good scores are when each row counts as often as each line of `weights` says.

        Args:
            weights: lines × rows, whole numbers.

        Returns:
            One figure per line; higher is better.
        """
