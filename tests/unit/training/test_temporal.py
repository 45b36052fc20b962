"""What a model learns from lies wholly before the day that it is judged on."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from regulars.training.temporal import newest_snapshot_holdout, rolling_holdouts

START = np.datetime64("2023-01-01")


@given(st.lists(st.integers(0, 900), min_size=1, max_size=40), st.integers(1, 400))
def test_no_learnt_window_reaches_past_the_held_out_day(days: list[int], horizon: int) -> None:
    dates = START + np.array(days, dtype="timedelta64[D]")
    learn, judge = newest_snapshot_holdout(dates, horizon)

    assert (dates[judge] == dates.max()).all()
    assert judge.sum() == days.count(max(days))
    assert not (learn & judge).any()
    window_ends = dates + np.timedelta64(horizon, "D")
    # all that could be known on the held-out day is learnt from, and nothing else
    assert (learn == (window_ends <= dates.max())).all()


def test_a_window_that_ends_on_the_held_out_day_is_learnt_from() -> None:
    dates = np.array(["2024-01-01", "2024-01-30", "2024-01-31", "2024-03-01"], "datetime64[D]")
    learn, judge = newest_snapshot_holdout(dates, 30)
    assert learn.tolist() == [True, True, True, False]
    assert judge.tolist() == [False, False, False, True]


def test_nothing_is_learnt_when_no_snapshot_is_old_enough() -> None:
    dates = np.array(["2024-01-01", "2024-01-31"], "datetime64[D]")
    learn, _ = newest_snapshot_holdout(dates, 31)
    assert not learn.any()


@given(
    st.lists(st.integers(0, 900), min_size=1, max_size=40), st.integers(1, 400), st.integers(1, 5)
)
def test_days_before_are_held_out_as_they_were_then(
    days: list[int], horizon: int, count: int
) -> None:
    dates = START + np.array(days, dtype="timedelta64[D]")
    found = list(rolling_holdouts(dates, horizon, count))
    newest = np.unique(dates)[::-1][:count]
    assert len(found) == len(newest)
    for day, (learn, judge) in zip(newest, found, strict=True):
        known = dates <= day
        then, held_out = newest_snapshot_holdout(dates[known], horizon)
        assert not learn[~known].any()
        assert not judge[~known].any()
        assert (learn[known] == then).all()
        assert (judge[known] == held_out).all()
