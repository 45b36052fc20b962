"""How much is bought for: whether anything is, times what those spend who buy.

The amount of who buys is spread around what is expected of them by the same factors for all: the
outcomes of buyers that a model hadn't learnt from, over what it had expected of them. With the
probability to buy nothing they give the whole distribution of each customer, and its interval.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
import xgboost

from regulars.training import booster as boosting
from regulars.training.matrix import Matrix
from regulars.training.metrics import measure_amounts, tweedie_deviances
from regulars.training.objectives.objective import Scores
from regulars.training.temporal import rolling_holdouts

LOWER, UPPER = 0.1, 0.9
# what is kept of the factors: this many quantiles, evenly
QUANTILES = 201
# how many past days tell them, and how few buyers are too few to
DAYS, FEWEST_BUYERS = 2, 200
# between Poisson, which large amounts decide, and gamma, which one of a small expectation does
TWEEDIE = {"objective": "reg:tweedie", "tweedie_variance_power": 1.5}


@dataclass(frozen=True)
class AmountModel:
    """A booster of the probability to buy, one of the amounts of buyers, and their factors.

    Attributes:
        unit: the amount that the second booster's 1 means.
        factors: quantiles of outcome over expectation among buyers, ascending, evenly apart.
    """

    came: xgboost.Booster
    amounts: xgboost.Booster
    unit: float
    factors: np.ndarray

    @property
    def boosters(self) -> tuple[xgboost.Booster, ...]:
        """Of the probability, and of the amounts."""
        return self.came, self.amounts

    @property
    def shape(self) -> dict[str, Any]:
        """The unit; and the factors, to as many digits as they can be trusted."""
        factors = [float(f"{factor:.6g}") for factor in self.factors]
        return {"unit": self.unit, "factors": factors}

    def probability(self, values: np.ndarray) -> np.ndarray:
        """How likely anything is bought."""
        return boosting.predict(self.came, values)

    def scores(self, values: np.ndarray, probability: np.ndarray) -> Scores:
        """The expected amount, and the 80% interval of what may come: 0 while that is likely."""
        probability = probability.astype(np.float64)
        amount = self.unit * boosting.predict(self.amounts, values).astype(np.float64)
        bounds = [amount * self._factor(probability, share) for share in (LOWER, UPPER)]
        return Scores(probability * amount, *bounds)

    def contributions(self, values: np.ndarray, method: str) -> np.ndarray:
        """In logs of the expected amount; log-odds count by what they do to the probability's."""
        came, amounts = (
            boosting.contributions(booster, values, method) for booster in self.boosters
        )
        return np.asarray((1 - self.probability(values))[:, None] * came + amounts)

    def _factor(self, probability: np.ndarray, share: float) -> np.ndarray:
        """The factor that the outcome lies below with the probability `share`; 0 for nothing."""
        with np.errstate(divide="ignore", invalid="ignore"):
            among_buyers = (share - (1 - probability)) / probability
        places = np.linspace(0, 1, len(self.factors))
        found = np.interp(among_buyers, places, self.factors)
        return np.where(share <= 1 - probability, 0.0, found)


@dataclass(frozen=True)
class Amount:
    """Labels are amounts from 0 on.

    Attributes:
        horizon_days: how many days after as_of_date they are added up.
    """

    horizon_days: int
    most_calibration_error: ClassVar[float] = 0.3
    quality_metric: ClassVar[tuple[str, str]] = ("Tweedie deviance", "tweedie_deviance")

    @property
    def amount_days(self) -> int:
        """The horizon."""
        return self.horizon_days

    def error_unit(self, outcomes: np.ndarray) -> float:
        """The mean amount."""
        return float(outcomes.mean())

    def events(self, matrix: Matrix) -> Matrix:
        """Whether anything was bought."""
        return matrix.labelled(matrix.labels > 0)

    def known_on(self, matrix: Matrix, day: date) -> Matrix:
        """The rows as they are: a window that had closed tells no more later."""
        return matrix

    def fit(
        self, matrix: Matrix, parameters: Mapping[str, Any], day: date | None = None
    ) -> AmountModel:
        """Learns both boosters, and the factors on days that they weren't learnt from."""
        buyers = matrix.where(matrix.labels > 0)
        unit = float(np.mean(buyers.labels, dtype=np.float64))
        buyers = buyers.labelled(buyers.labels / unit)
        return AmountModel(
            boosting.fit(self.events(matrix), parameters, day),
            boosting.fit(buyers, {**parameters, **TWEEDIE}, day),
            unit,
            self._factors(buyers, parameters),
        )

    def restore(self, boosters: Sequence[xgboost.Booster], shape: Mapping[str, Any]) -> AmountModel:
        """The model that was kept."""
        came, amounts = boosters
        return AmountModel(came, amounts, shape["unit"], np.array(shape["factors"]))

    def outcomes(self, matrix: Matrix) -> np.ndarray:
        """The labels."""
        return matrix.labels.astype(np.float64)

    def measure(self, outcomes: np.ndarray, scores: Scores) -> dict[str, float]:
        """How far amounts lie from what came, in sum, one by one, and by their intervals."""
        figures = measure_amounts(outcomes, scores.score)
        if scores.lower is None or scores.upper is None:
            return figures
        return figures | {
            "coverage_share": float(
                ((outcomes >= scores.lower) & (outcomes <= scores.upper)).mean()
            ),
            "at_or_below_upper_share": float((outcomes <= scores.upper).mean()),
        }

    def quality(self, outcomes: np.ndarray, score: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The mean Tweedie deviance, turned round: least where a score is the mean of what comes,
        and not decided by a few large amounts alone."""
        return np.asarray(-(weights @ tweedie_deviances(outcomes, score)) / weights.sum(axis=1))

    def _factors(self, buyers: Matrix, parameters: Mapping[str, Any]) -> np.ndarray:
        """Outcome over expectation on the newest days, each learnt from what it could know."""
        found = []
        for learn, judged in rolling_holdouts(buyers.dates, self.horizon_days, DAYS):
            if learn.sum() >= FEWEST_BUYERS:
                found.append(_ratios(buyers.where(learn), buyers.where(judged), parameters))
        # too young a business has only days that it learns from: its intervals are too narrow
        ratios = np.concatenate(found) if found else _ratios(buyers, buyers, parameters)
        return np.asarray(np.quantile(ratios, np.linspace(0, 1, QUANTILES)))


def _ratios(older: Matrix, newer: Matrix, parameters: Mapping[str, Any]) -> np.ndarray:
    booster = boosting.fit(older, {**parameters, **TWEEDIE})
    return newer.labels / boosting.predict(booster, newer.values).astype(np.float64)
