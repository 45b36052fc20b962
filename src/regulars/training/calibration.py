"""What turns a booster's scores into probabilities of a season.

If a person acts at a rate, nothing comes with the probability exp(-rate × days), and a season that
multiplies all rates by k raises that to the power k: proportional hazards (Cox 1972). So one
number moves everybody, those who rarely act less.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

# how much of the season those get whom last year can't tell about
SHARE_BEYOND_HISTORY = 0.5
# how far seasons usually move rates (in logs): an estimate noisier than that is mistrusted
USUAL_LOG_POWER = 0.3
STRONGEST_LOG_POWER = 2.0
BISECTIONS = 60


@dataclass(frozen=True)
class Calibration:
    """How scores become probabilities, day by day.

    Attributes:
        means_silence: whether label 1 says that nothing came.
        known_below: last year tells about customers with a recency below it, in days.
        powers: what silence is raised to, by day, ascending; between two days the logs are
            interpolated, before the first and after the last they stay. Empty: scores stay.
    """

    means_silence: bool = False
    known_below: int = 0
    powers: Mapping[date, float] = field(default_factory=dict)

    def apply(self, scores: np.ndarray, recency: np.ndarray, day: date) -> np.ndarray:
        """Probabilities on a day.

        Args:
            scores: a booster's, in [0, 1].
            recency: days since the last purchase, one per score; NaN counts as known.
            day: the as_of_date of the scores.

        Returns:
            float64, in [0, 1]; of two customers on the same side of `known_below` the one with
            the higher score has no lower probability.
        """
        scores = scores.astype(np.float64)
        log_power = self._log_power(day)
        if log_power == 0:
            return scores
        beyond = recency >= self.known_below
        power = np.exp(np.where(beyond, SHARE_BEYOND_HISTORY * log_power, log_power))
        calibrated = scores**power if self.means_silence else 1 - (1 - scores) ** power
        return np.asarray(calibrated)

    def _log_power(self, day: date) -> float:
        if not self.powers:
            return 0.0
        days = [known.toordinal() for known in self.powers]
        return float(np.interp(day.toordinal(), days, np.log(list(self.powers.values()))))

    def to_json(self) -> str:
        """As the registry keeps it."""
        powers = {day.isoformat(): power for day, power in self.powers.items()}
        kept = {"means_silence": self.means_silence, "known_below": self.known_below}
        return json.dumps({**kept, "powers": powers}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | None) -> "Calibration":
        """What a registry row holds; a model from before calibration has nothing, and stays."""
        kept = json.loads(text or "{}")
        powers = {date.fromisoformat(day): power for day, power in kept.pop("powers", {}).items()}
        return cls(powers=powers, **kept)


def season_power(scores: np.ndarray, share: float, rows_count: int, means_silence: bool) -> float:
    """The power that brings the mean of scores to a share, as far as the share can be trusted.

    Args:
        scores: of the customers that the share speaks of, at least one, in any order.
        share: of label 1.
        rows_count: how many customers it was seen on. The log of the power is shrunk by its
            noise, as normal noise around normally distributed seasons would have it.
    """
    # sums depend on the order of what is added
    ordered = np.sort(scores).astype(np.float64)
    silence = ordered if means_silence else 1 - ordered
    logs = np.log(np.clip(silence, 1e-6, 1 - 1e-6))
    silent = rows_count * (share if means_silence else 1 - share)
    low, high = -STRONGEST_LOG_POWER, STRONGEST_LOG_POWER
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        is_low = np.exp(np.exp(middle) * logs).mean() * rows_count > silent
        low, high = (middle, high) if is_low else (low, middle)
    # a share of all or nothing would look free of noise: one more of each (Laplace)
    smoothed = (silent + 1) / (rows_count + 2)
    steepness = float((np.exp(middle) * logs * np.exp(np.exp(middle) * logs)).mean())
    noise = smoothed * (1 - smoothed) / rows_count / steepness**2
    return float(np.exp(middle * USUAL_LOG_POWER**2 / (USUAL_LOG_POWER**2 + noise)))
