"""Last year's share around a day, and the season that it makes of today's scores."""

from datetime import date, timedelta

import numpy as np
import pytest

from regulars.training.matrix import Matrix, column
from regulars.training.seasons import RECENCY, TENURE, calibrate, last_year

TODAY = date(2024, 5, 31)
FEATURES = (RECENCY, TENURE)


def snapshot(day: date, share: float, history: float = 300, away: float = 30) -> Matrix:
    """1,000 customers on a day, of whom a share has label 1."""
    values = np.tile(np.array([away, history], np.float32), (1000, 1))
    labels = (np.arange(1000) < 1000 * share).astype(np.float32)
    return Matrix(FEATURES, values, labels, np.full(1000, np.datetime64(day)))


def together(*parts: Matrix) -> Matrix:
    return Matrix(
        FEATURES,
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.dates for part in parts]),
    )


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


# 390 and 360 days ago: a year ago lies 25/30 of the way
YEAR_AGO = together(snapshot(ago(390), 0.6), snapshot(ago(360), 0.3))


def test_a_year_ago_lies_between_two_snapshots() -> None:
    found = last_year(YEAR_AGO, TODAY)
    assert found is not None
    assert found.share == pytest.approx(0.6 + (0.3 - 0.6) * 25 / 30)
    assert (found.rows_count, found.known_below) == (1000, 300)


def test_a_day_with_a_snapshot_of_its_own_is_that_snapshot() -> None:
    found = last_year(together(snapshot(ago(365), 0.4), snapshot(ago(335), 0.9)), TODAY)
    assert found is not None
    assert found.share == pytest.approx(0.4)


@pytest.mark.parametrize(
    "past",
    [
        together(snapshot(ago(390), 0.6)),
        together(snapshot(ago(360), 0.6)),
        together(snapshot(ago(415), 0.6), snapshot(ago(360), 0.6)),
        together(snapshot(ago(390), 0.6), snapshot(ago(300), 0.6)),
        together(snapshot(ago(390), 0.6, history=119), snapshot(ago(360), 0.6, history=149)),
        YEAR_AGO.where(np.zeros(len(YEAR_AGO), bool)),
        YEAR_AGO.only([RECENCY]),
    ],
    ids=["none after", "none before", "too old", "too young", "cut off", "no rows", "no tenure"],
)
def test_an_unknown_year_ago_changes_nothing(past: Matrix) -> None:
    assert last_year(past, TODAY) is None
    assert not calibrate(past, np.full(9, 0.5), np.zeros(9), TODAY, True).powers


def test_customers_whose_recency_could_not_be_seen_then_do_not_count() -> None:
    lapsed = [snapshot(ago(days), 1.0, away=300) for days in (390, 360)]
    found = last_year(together(YEAR_AGO, *lapsed), TODAY)
    assert found is not None
    assert found.share == pytest.approx(0.35)
    scores, recency = np.array([0.5] * 9 + [0.9]), np.array([30.0] * 9 + [300.0])
    calibration = calibrate(together(YEAR_AGO, *lapsed), scores, recency, TODAY, True)
    assert calibration.known_below == 300
    assert calibration.apply(scores, recency, TODAY)[:9] == pytest.approx(0.35, abs=0.01)


@pytest.mark.parametrize("means_silence", [True, False])
def test_the_mean_follows_last_years_shares_through_the_days_ahead(means_silence: bool) -> None:
    past = together(YEAR_AGO, snapshot(ago(330), 0.5), snapshot(ago(300), 0.7))
    scores, recency = np.random.default_rng(1).uniform(0.3, 0.7, 500), np.full(500, 30.0)
    calibration = calibrate(past, scores, recency, TODAY, means_silence)
    assert list(calibration.powers) == [TODAY, TODAY + timedelta(30), TODAY + timedelta(60)]
    for days, share in ((0, 0.35), (30, 0.3 + 0.2 * 25 / 30), (60, 0.5 + 0.2 * 25 / 30)):
        day = TODAY + timedelta(days)
        assert calibration.apply(scores, recency, day).mean() == pytest.approx(share, abs=0.01)


def test_nobody_to_score_changes_nothing() -> None:
    nobody = np.empty(0, np.float32)
    assert not calibrate(YEAR_AGO, nobody, nobody, TODAY, True).powers


def test_a_feature_that_is_not_there_is_missing_everywhere() -> None:
    assert column(YEAR_AGO.values, FEATURES, TENURE).max() == 300
    assert np.isnan(column(YEAR_AGO.values, FEATURES, "days_since_birth")).all()
