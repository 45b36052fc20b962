"""Splits in time: what is judged lies later than all that was learnt from."""

from collections.abc import Iterator

import numpy as np


def newest_snapshot_holdout(dates: np.ndarray, horizon_days: int) -> tuple[np.ndarray, np.ndarray]:
    """Holds out the newest snapshot and purges those whose horizon reaches past it.

    Args:
        dates: datetime64[D], each row's as_of_date; all label windows are closed.
        horizon_days: how far a label looks ahead. A snapshot is learnt from only when
            its window ended by the held-out day, as it would have had on that day.

    Returns:
        (learn, judge): two masks over the rows; `learn` is empty when no snapshot is
        old enough.
    """
    return _holdout(dates, horizon_days, dates.max())


def rolling_holdouts(
    dates: np.ndarray, horizon_days: int, count: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Holds out each of the newest snapshots in turn, newest first, with its own purge.

    Yields:
        (learn, judge) as `newest_snapshot_holdout` would give them on that day.
    """
    for day in np.unique(dates)[::-1][:count]:
        yield _holdout(dates, horizon_days, day)


def _holdout(
    dates: np.ndarray, horizon_days: int, day: np.datetime64
) -> tuple[np.ndarray, np.ndarray]:
    learn = np.asarray(dates + np.timedelta64(horizon_days, "D") <= day)
    return learn, np.asarray(dates == day)
