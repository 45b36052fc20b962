"""Which season a day stands in: what came at this time last year.

A booster learns the average of the days that it has seen. The mean score of today's customers,
whom it hasn't seen, is brought to the share that came true a year ago, among customers whom last
year can tell about: where its history is cut off, people with an old last purchase were missing.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from regulars.training.calibration import Calibration, season_power
from regulars.training.matrix import Matrix, column

RECENCY, TENURE = "days_since_last_purchase", "days_since_first_purchase"
YEAR = timedelta(days=365)
# with less history behind it a day says little of a season
MINIMUM_HISTORY_DAYS = 120
# the snapshots around a day must be this near to say anything of it
MAXIMUM_DISTANCE_DAYS = 45
STEP_DAYS, AHEAD_DAYS = 30, 180


@dataclass(frozen=True)
class LastYear:
    """What came a year before a day.

    Attributes:
        share: of label 1.
        rows_count: how many customers it was seen on.
        known_below: it was seen on customers with a recency below it, in days.
    """

    share: float
    rows_count: int
    known_below: int


def calibrate(
    past: Matrix, scores: np.ndarray, recency: np.ndarray, day: date, means_silence: bool
) -> Calibration:
    """Calibrates for a day and the half year from it, through which a model may score.

    Args:
        past: rows with a label window that had closed by `day`. Of it only labels, recency and
            tenure are used: a booster's scores of rows that it has learnt from would flatter it.
        scores: of the customers of `day`, uncalibrated, in any order.
        recency: theirs, in days.
        day: the day that the training stands at.
        means_silence: whether label 1 says that nothing came.

    Returns:
        One that changes nothing where last year isn't known.
    """
    now = last_year(past, day)
    comparable = scores[~(recency >= now.known_below)] if now else scores[:0]
    if not now or not len(comparable):
        return Calibration(means_silence)
    powers = {}
    for ahead in range(0, AHEAD_DAYS + 1, STEP_DAYS):
        then = last_year(past, day + timedelta(days=ahead), now.known_below)
        if not then:
            break
        power = season_power(comparable, then.share, then.rows_count, means_silence)
        # shorter than the last bits of a mean, so that no machine's sums show in it
        powers[day + timedelta(days=ahead)] = round(power, 6)
    return Calibration(means_silence, now.known_below, powers)


def last_year(past: Matrix, day: date, known_below: int | None = None) -> LastYear | None:
    """The share of label 1 a year before a day, interpolated between the snapshots around it.

    Args:
        known_below: the recency to look below; by default as far as the history behind the
            older snapshot reaches.

    Returns:
        None where there are no snapshots around it, or too little history behind them.
    """
    if not {RECENCY, TENURE} <= set(past.features) or not len(past):
        return None
    wanted = np.datetime64(day - YEAR)
    snapshots = np.unique(past.dates)
    earlier, later = snapshots[snapshots <= wanted], snapshots[snapshots > wanted]
    if not len(earlier) or not len(later):
        return None
    before, after = earlier[-1], later[0]
    distances = (wanted - before).astype(int), (after - wanted).astype(int)
    if max(distances) > MAXIMUM_DISTANCE_DAYS:
        return None
    if known_below is None:
        tenures = column(past.values[past.dates == before], past.features, TENURE)
        known_below = int(np.nan_to_num(tenures).max())
    if known_below < MINIMUM_HISTORY_DAYS:
        return None
    comparable = ~(column(past.values, past.features, RECENCY) >= known_below)
    older = past.labels[(past.dates == before) & comparable]
    newer = past.labels[(past.dates == after) & comparable]
    if not len(older) or not len(newer):
        return None
    weight = distances[0] / sum(distances)
    share = (1 - weight) * float(older.mean()) + weight * float(newer.mean())
    return LastYear(share, min(len(older), len(newer)), known_below)
