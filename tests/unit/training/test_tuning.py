"""Tuning finds the same twice, begins with what is given, and doesn't look past its days."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from regulars.training import booster as boosting
from regulars.training import tuning
from regulars.training.matrix import Matrix
from regulars.training.objectives.probability import Probability
from regulars.training.settings import Prediction

DAY = date(2024, 5, 31)
GIVEN = {
    "rounds": 40,
    "learning_rate": 0.01,
    "max_depth": 2,
    "min_child_weight": 250,
    "colsample_bytree": 0.5,
    "subsample": 1.0,
    "reg_lambda": 1.0,
    "season_weight": 3,
    "nthread": 1,
}


def past(days: int = 5, customers: int = 300) -> Matrix:
    """Days 30 days apart; labels follow the product of two features, with noise."""
    random = np.random.default_rng(1)
    values = random.normal(size=(days * customers, 4)).astype(np.float32)
    chance = 1 / (1 + np.exp(-3 * values[:, 0] * values[:, 1]))
    labels = (random.uniform(size=len(values)) < chance).astype(np.float32)
    ages = np.repeat(np.arange(days)[::-1] * 30, customers).astype("timedelta64[D]")
    return Matrix(("a", "b", "c", "d"), values, labels, np.datetime64(DAY) - ages)


def tune(matrix: Matrix, parameters: dict[str, Any], trials: int) -> dict[str, Any]:
    prediction = Prediction("purchase", 30, parameters, tune_trials=trials)
    return tuning.tune(matrix, parameters, prediction, Probability())


def mean_auc(matrix: Matrix, parameters: dict[str, Any]) -> float:
    return float(
        np.mean(
            [
                roc_auc_score(
                    newer.labels,
                    boosting.predict(boosting.fit(older, parameters, DAY), newer.values),
                )
                for older, newer in tuning.judgeable_days(matrix, 30, Probability(), tuning.DAYS)
            ]
        )
    )


def test_trials_find_better_than_a_bad_start_and_the_same_twice() -> None:
    found = tune(past(), GIVEN, trials=10)
    assert mean_auc(past(), found) > mean_auc(past(), GIVEN) + 0.02
    np.random.default_rng().uniform()
    assert tune(past(), GIVEN, trials=10) == found
    # what isn't searched over stays
    assert (found["season_weight"], found["nthread"]) == (3, 1)


def test_the_given_parameters_are_the_first_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    """As near as the space comes to them, and as they are when nothing beats them."""
    tried = []
    fit = boosting.fit
    monkeypatch.setattr(
        boosting, "fit", lambda *arguments: tried.append(arguments[1]) or fit(*arguments)
    )
    assert tune(past(), GIVEN, trials=1) == GIVEN
    assert tried[0] == pytest.approx(GIVEN)
    far = {"rounds": 5000, "nthread": 1, "max_depth": 1}
    assert tune(past(), far, trials=1) == far
    begun = tried[-1]
    assert (begun["rounds"], begun["max_depth"], begun["learning_rate"]) == (600, 2, 0.3)


def test_what_is_better_on_some_days_only_is_luck(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of four trials is the best on average, but worse than the given on a day."""
    aucs = [(0.7, 0.7, 0.7), (0.9, 0.9, 0.69), (0.72, 0.72, 0.72), (0.71, 0.71, 0.71)]
    seen, tried = iter(np.ravel(aucs)), []
    fit = boosting.fit
    monkeypatch.setattr(
        boosting, "fit", lambda *arguments: tried.append(arguments[1]) or fit(*arguments)
    )
    monkeypatch.setattr(tuning, "roc_auc_score", lambda labels, scores: next(seen))
    found = tune(past(), GIVEN, trials=4)
    assert found == tried[2 * tuning.DAYS]
    assert found != tried[0]


def test_hopeless_trials_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    fits = []
    fit = boosting.fit
    monkeypatch.setattr(
        boosting, "fit", lambda *arguments: fits.append(arguments) or fit(*arguments)
    )
    tune(past(), GIVEN, trials=12)
    assert 12 < len(fits) < 12 * tuning.DAYS


def test_a_trial_learns_only_from_windows_that_had_passed() -> None:
    days = tuning.judgeable_days(past(days=5), 60, Probability(), tuning.DAYS)
    assert [newer.dates[0] for _, newer in days] == [
        np.datetime64(DAY - timedelta(ago)) for ago in (0, 30)
    ]
    for older, newer in days:
        assert older.dates.max() + np.timedelta64(60, "D") == newer.dates[0]


@pytest.mark.parametrize("matrix", [past(days=2), past(days=1), past().where(np.zeros(1500, bool))])
def test_too_little_past_leaves_the_parameters_as_they_are(matrix: Matrix) -> None:
    assert tune(matrix, GIVEN, trials=3) == GIVEN


def test_days_of_one_class_judge_nothing() -> None:
    matrix = past()
    matrix.labels[matrix.dates >= np.datetime64(DAY - timedelta(60))] = 1
    assert tuning.judgeable_days(matrix, 30, Probability(), tuning.DAYS) == []
