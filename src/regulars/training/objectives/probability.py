"""Whether something comes: the score is the probability of label 1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
import xgboost

from regulars.training import booster as boosting
from regulars.training.matrix import Matrix
from regulars.training.metrics import measure, weighted_aucs
from regulars.training.objectives.objective import Scores


@dataclass(frozen=True)
class ProbabilityModel:
    """One booster."""

    booster: xgboost.Booster
    shape: Mapping[str, Any]

    @property
    def boosters(self) -> tuple[xgboost.Booster, ...]:
        """The one that there is."""
        return (self.booster,)

    def probability(self, values: np.ndarray) -> np.ndarray:
        """The probability of label 1."""
        return boosting.predict(self.booster, values)

    def scores(self, values: np.ndarray, probability: np.ndarray) -> Scores:
        """The probability itself."""
        return Scores(probability.astype(np.float64))

    def contributions(self, values: np.ndarray, method: str) -> np.ndarray:
        """In log-odds."""
        return boosting.contributions(self.booster, values, method)


@dataclass(frozen=True)
class Probability:
    """Labels 0 and 1."""

    most_calibration_error: ClassVar[float] = 0.05
    quality_metric: ClassVar[tuple[str, str]] = ("AUC", "auc")
    amount_days: ClassVar[None] = None

    def error_unit(self, outcomes: np.ndarray) -> float:
        """Probabilities are told as they are."""
        return 1.0

    def events(self, matrix: Matrix) -> Matrix:
        """The rows as they are."""
        return matrix

    def known_on(self, matrix: Matrix, day: date) -> Matrix:
        """The rows as they are: a window that had closed tells no more later."""
        return matrix

    def fit(
        self, matrix: Matrix, parameters: Mapping[str, Any], day: date | None = None
    ) -> ProbabilityModel:
        """Learns one booster."""
        return ProbabilityModel(boosting.fit(matrix, parameters, day), {})

    def restore(
        self, boosters: Sequence[xgboost.Booster], shape: Mapping[str, Any]
    ) -> ProbabilityModel:
        """The model that was kept."""
        return ProbabilityModel(boosters[0], shape)

    def outcomes(self, matrix: Matrix) -> np.ndarray:
        """The labels."""
        return matrix.labels.astype(np.float64)

    def measure(self, outcomes: np.ndarray, scores: Scores) -> dict[str, float]:
        """How well probabilities rank, and how true they are."""
        return measure(outcomes, scores.score)

    def quality(self, outcomes: np.ndarray, score: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The AUC."""
        return weighted_aucs(outcomes, score, weights)
