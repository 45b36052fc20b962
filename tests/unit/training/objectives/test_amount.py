"""Amounts: expected right on the whole, with intervals that hold as often as they say."""

import numpy as np
import pytest

from regulars.training.matrix import Matrix
from regulars.training.objectives import Scores, objective_of
from regulars.training.objectives.amount import FEWEST_BUYERS, Amount, AmountModel
from regulars.training.tuning import judgeable_days

PARAMETERS = {"rounds": 60, "max_depth": 3, "learning_rate": 0.1, "nthread": 1}
FEATURES = ("likes_it", "pays_much", "noise")


def shoppers(days: int = 4, customers: int = 1500, seed: int = 1) -> Matrix:
    """Who likes it buys more often; who pays much spends more, spread by a log-normal factor."""
    random = np.random.default_rng(seed)
    values = random.uniform(size=(days * customers, 3)).astype(np.float32)
    buys = random.uniform(size=len(values)) < 0.1 + 0.8 * values[:, 0]
    amounts = np.exp(2 + 2 * values[:, 1] + random.normal(0, 0.7, len(values)))
    ages = np.repeat(np.arange(days)[::-1] * 30, customers).astype("timedelta64[D]")
    labels = np.where(buys, amounts, 0).astype(np.float32)
    return Matrix(FEATURES, values, labels, np.datetime64("2024-05-31") - ages)


@pytest.fixture(scope="module")
def model() -> AmountModel:
    return Amount(30).fit(shoppers(), PARAMETERS)


def said(model: AmountModel, matrix: Matrix) -> Scores:
    return model.scores(matrix.values, model.probability(matrix.values))


def test_amounts_are_right_on_the_whole_and_for_each(model: AmountModel) -> None:
    later = shoppers(days=1, customers=4000, seed=2)
    figures = Amount(30).measure(later.labels.astype(float), said(model, later))
    assert abs(figures["bias_share"]) < 0.06
    assert figures["calibration_error"] < 0.1
    assert figures["auc"] > 0.65
    flat = Scores(np.full(len(later), later.labels.mean()))
    by_chance = Amount(30).measure(later.labels.astype(float), flat)
    assert figures["tweedie_deviance"] < 0.85 * by_chance["tweedie_deviance"]
    assert "at_or_below_upper_share" not in by_chance


def test_intervals_hold_as_often_as_they_say(model: AmountModel) -> None:
    later = shoppers(days=1, customers=4000, seed=3)
    scores = said(model, later)
    assert scores.lower is not None
    assert scores.upper is not None
    assert np.all(scores.lower <= scores.upper)
    assert (later.labels <= scores.upper).mean() == pytest.approx(0.9, abs=0.02)
    # for those who like it, too, and those who don't: the lower end is 0 while that is likely
    for likes_it in (later.values[:, 0] > 0.9, later.values[:, 0] < 0.3):
        share = (later.labels <= scores.upper)[likes_it].mean()
        assert share == pytest.approx(0.9, abs=0.05)
    assert np.all(scores.lower[later.values[:, 0] < 0.3] == 0)
    buyers = later.where(later.labels > 0)
    surely = model.scores(buyers.values, np.ones(len(buyers)))
    assert surely.lower is not None
    assert (buyers.labels < surely.lower).mean() == pytest.approx(0.1, abs=0.02)


def test_a_probability_of_nothing_or_of_certainty_has_an_interval(model: AmountModel) -> None:
    values = np.full((3, 3), 0.5, np.float32)
    scores = model.scores(values, np.array([0.0, 1.0, 0.05]))
    assert scores.lower is not None
    assert scores.upper is not None
    assert scores.score[0] == scores.upper[0] == 0
    assert scores.lower[1] < scores.score[1] < scores.upper[1]
    assert scores.upper[2] == 0, "of a twentieth who buy, nine tenths spend nothing"


def test_contributions_add_up_to_the_log_of_the_amount(model: AmountModel) -> None:
    """Up to the bend of the logistic function: for a small step they do."""
    matrix = shoppers(days=1, customers=300)
    added = model.contributions(matrix.values, "exact")
    assert added.shape == (300, 3)
    logs = np.log(said(model, matrix).score)
    assert np.corrcoef(added.sum(axis=1), logs)[0, 1] > 0.97
    assert np.abs(added[:, 2]).mean() < 0.2 * np.abs(added[:, 0]).mean()


def test_a_kept_model_says_what_it_said(model: AmountModel) -> None:
    matrix = shoppers(days=1, customers=200)
    kept = objective_of("amount", 30).restore(model.boosters, model.shape)
    one, other = said(model, matrix), kept.scores(matrix.values, kept.probability(matrix.values))
    np.testing.assert_array_equal(one.score, other.score)
    np.testing.assert_allclose(one.upper, other.upper, rtol=1e-5)


def test_factors_come_from_days_that_were_not_learnt_from() -> None:
    """A booster that learns by heart looks exact on its own rows, and isn't."""
    by_heart = {"rounds": 200, "max_depth": 10, "learning_rate": 0.3, "nthread": 1}
    honest = Amount(30).fit(shoppers(days=3, customers=600), by_heart)
    young = Amount(30).fit(shoppers(days=1, customers=600), by_heart)
    assert honest.factors[180] / honest.factors[20] > 4
    assert young.factors[180] / young.factors[20] < 2
    assert FEWEST_BUYERS < 600


def test_days_are_judged_by_whether_anything_was_bought() -> None:
    matrix = shoppers()
    matrix.labels[matrix.dates == np.datetime64("2024-05-31")] = 0
    judged = judgeable_days(matrix, 30, Amount(30), 4)
    assert np.datetime64("2024-05-31") not in {newer.dates[0] for _, newer in judged}
    assert judged
