"""BG/NBD and Gamma-Gamma against people who live as they say, and what CDNOW's part decides."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.accuracy.buy_till_you_die import BgNbd, GammaGamma, Histories
from benchmarks.accuracy.cdnow import (
    PUBLISHED,
    WEEKS,
    Log,
    Rules,
    Snapshot,
    best,
    errors,
    snapshots,
    upper_ends,
)

TRUE = BgNbd(r=0.9, alpha=6.0, a=0.8, b=2.5)
AGE, AHEAD = 40.0, 30.0


@pytest.fixture(scope="module")
def lives() -> tuple[Histories, np.ndarray]:
    """People who buy at rates of their own and leave with chances of their own."""
    random = np.random.default_rng(5)
    repeats, last, ahead = [], [], []
    for rate, leaves in zip(
        random.gamma(TRUE.r, 1 / TRUE.alpha, 20_000),
        random.beta(TRUE.a, TRUE.b, 20_000),
        strict=True,
    ):
        at, times = 0.0, []
        while True:
            at += random.exponential(1 / rate)
            if at > AGE + AHEAD:
                break
            times.append(at)
            if random.random() < leaves:
                break
        known = [time for time in times if time <= AGE]
        repeats.append(len(known))
        last.append(known[-1] if known else 0.0)
        ahead.append(len(times) - len(known))
    size = len(repeats)
    known = Histories(np.array(repeats, float), np.array(last), np.full(size, AGE), np.zeros(size))
    return known, np.array(ahead)


def test_bg_nbd_finds_the_parameters_of_a_world_that_it_describes(lives):
    found = BgNbd.fitted(lives[0])
    for name in ("r", "alpha", "a", "b"):
        assert getattr(found, name) == pytest.approx(getattr(TRUE, name), rel=0.15), name


def test_bg_nbd_expects_what_comes(lives):
    known, came = lives
    for chosen in (known.repeats == 0, known.repeats == 2, known.repeats > 5, known.last < 5):
        some = known.where(chosen)
        expected = TRUE.expected(some, AHEAD).mean()
        assert expected == pytest.approx(came[chosen].mean(), rel=0.08)
        any_came = (came[chosen] > 0).mean()
        assert TRUE.any(some, AHEAD).mean() == pytest.approx(any_came, rel=0.08)


def test_gamma_gamma_finds_its_parameters_and_draws_a_mean_to_everybodys():
    random = np.random.default_rng(6)
    true = GammaGamma(p=6.0, q=4.0, gamma=15.0)
    repeats = random.integers(1, 8, 20_000).astype(float)
    scale = random.gamma(true.q, 1 / true.gamma, len(repeats))
    mean = random.gamma(true.p * repeats, 1 / scale) / repeats
    zeros = np.zeros(len(repeats))
    found = GammaGamma.fitted(Histories(repeats, zeros, zeros, mean))
    assert found.p * found.gamma / (found.q - 1) == pytest.approx(30, rel=0.05)
    few, many = (
        true.expected(Histories(*np.array([[count], [0.0], [0.0], [90.0]])))[0]
        for count in (1.0, 50.0)
    )
    assert 30 < few < many < 90


def test_upper_ends_hold_nine_in_ten_outcomes():
    random = np.random.default_rng(7)
    chances, amounts = random.uniform(0.12, 0.9, 50_000), random.uniform(5, 200, 50_000)
    ratios = random.gamma(2, 0.5, 50_000)
    came = np.where(random.random(50_000) < chances, amounts * random.permutation(ratios), 0)
    upper = upper_ends(chances, amounts, ratios)
    for chosen in (chances < 0.2, chances > 0.6, amounts > 100):
        assert np.mean(came[chosen] <= upper[chosen]) == pytest.approx(0.9, abs=0.01)


def test_an_upper_end_is_never_below_what_is_expected():
    upper = upper_ends(np.array([0.05]), np.array([100.0]), np.array([0.5, 1.0, 1.5]))
    assert upper == pytest.approx([5.0])


def test_the_lowest_squared_error_counts_only_where_the_absolute_one_is_no_worse():
    assert best(np.array([[0.95, 1.01], [0.99, 1.0], [0.97, 0.99]])) == 2
    assert best(np.array([[0.95, 1.02], [0.99, 1.01]])) == 0


def test_errors_have_the_bias_of_the_total():
    assert errors(np.array([2.0, 0.0]), np.array([1.0, 3.0])) == pytest.approx((5**0.5, 2.0, -0.5))


def log_of(*rows: tuple[int, int, float]) -> Log:
    customer, day, amount = (np.array(part) for part in zip(*rows, strict=True))
    return Log(customer.astype(int), day.astype(float), amount.astype(float))


def test_histories_end_with_the_week():
    log = log_of((0, 0, 10.0), (0, 6, 20.0), (0, 7, 70.0), (1, 3, 5.0))
    known = log.histories(1)
    assert known.repeats.tolist() == [1, 0]
    assert known.last.tolist() == pytest.approx([6 / 7, 0])
    assert known.age.tolist() == pytest.approx([6 / 7, 3 / 7])
    assert known.repeat_amount.tolist() == [20, 0]
    came, spent = log.between(1, 2)
    assert (came.tolist(), spent.tolist()) == ([1, 0], [70, 0])


def test_features_of_a_snapshot_know_nothing_that_comes_after():
    random = np.random.default_rng(8)
    rows = sorted(
        {
            (int(c), int(d))
            for c, d in zip(random.integers(0, 60, 500), random.integers(0, 140, 500), strict=True)
        }
        | {(c, 0) for c in range(60)}
    )
    amounts = random.uniform(1, 50, len(rows))
    whole = log_of(*[(c, d, a) for (c, d), a in zip(rows, amounts, strict=True)])
    early = log_of(*[(c, d, a) for (c, d), a in zip(rows, amounts, strict=True) if d < 7 * 15])
    rules = Rules(TRUE, GammaGamma(6.0, 4.0, 15.0))
    one, other = (Snapshot.at(log, rules, 15, 20) for log in (whole, early))
    np.testing.assert_array_equal(one.features, other.features)
    assert one.came.sum() > other.came.sum() == 0
    assert len(snapshots(whole, rules, 20)) == 2


@pytest.mark.real
def test_bg_nbd_on_cdnow_is_as_published(real_data: Path):
    rules = Rules.fitted(Log.read(real_data / "cdnow_sample.parquet"), WEEKS)
    for name, known in PUBLISHED.items():
        assert getattr(rules.counts, name) == pytest.approx(known, abs=0.001)
