"""Splits in time: what is judged lies later than all that was learnt from."""

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
    newest = dates.max()
    judge = dates == newest
    learn = dates + np.timedelta64(horizon_days, "D") <= newest
    return learn, judge
