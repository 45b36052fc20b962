"""Parameters are chosen on earlier days than the one that is judged."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from regulars.errors import UserError
from regulars.training import recipe
from regulars.training.booster import fit, predict
from regulars.training.matrix import Matrix
from regulars.training.objectives.probability import Probability
from regulars.training.recipe import check_constraints, choose_parameters
from regulars.training.settings import Prediction

DAY = date(2024, 5, 31)
FEATURES = ("signal", "noise")
PREDICTION = Prediction("churn", 30, {"rounds": 60, "max_depth": 3, "nthread": 1})
STOPPING = replace(PREDICTION, parameters={**PREDICTION.parameters, "early_stopping_rounds": 5})


def rows(strengths: dict[int, float], customers: int = 600) -> Matrix:
    """Customers on days so long ago; how far the signal tells their labels on each."""
    random = np.random.default_rng(1)
    parts = []
    for days, strength in sorted(strengths.items(), reverse=True):
        labels = random.integers(0, 2, customers)
        values = random.normal(size=(customers, 2))
        values[:, 0] += strength * labels
        parts.append((values, labels, np.full(customers, np.datetime64(DAY - timedelta(days)))))
    values, labels, dates = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Matrix(FEATURES, values.astype(np.float32), labels.astype(np.float32), dates)


def chosen(past: Matrix, prediction: Prediction) -> dict:
    """What is chosen when the day of the judging comes after a past, and says the contrary."""
    day = np.datetime64(DAY + timedelta(30))
    matrix = Matrix(
        past.features,
        np.concatenate([past.values, past.values]),
        np.concatenate([past.labels, 1 - past.labels]),
        np.concatenate([past.dates, np.full(len(past), day)]),
    )
    return choose_parameters(matrix, prediction, Probability())


def test_without_wishes_the_parameters_stay() -> None:
    assert chosen(rows({0: 1, 30: 1}), PREDICTION) == PREDICTION.parameters


def test_trees_that_help_later_days_are_kept_and_no_more() -> None:
    past = rows({0: 1, 30: 1, 60: 1})
    found = chosen(past, STOPPING)
    assert "early_stopping_rounds" not in found
    newest = past.dates == np.datetime64(DAY)
    booster, later = fit(past.where(~newest), PREDICTION.parameters), past.where(newest)
    aucs = [
        roc_auc_score(
            later.labels, booster.inplace_predict(later.values, iteration_range=(0, rounds))
        )
        for rounds in range(1, found["rounds"] + 6)
    ]
    assert len(aucs) < 60
    assert found["rounds"] == 1 + int(np.argmax(aucs))


def test_rounds_are_chosen_by_the_newest_day_with_a_purge() -> None:
    """What overlaps the newest day teaches another world: it must not be learnt from."""
    past = rows({0: 1, 29: -5, 30: 1})
    purged = past.where(past.dates != np.datetime64(DAY - timedelta(29)))
    assert len(purged) == len(past) - 600
    assert chosen(past, STOPPING) == chosen(purged, STOPPING)


@pytest.mark.parametrize(
    "past",
    [
        rows({0: 1}),
        rows({0: 1, 29: 1}),
        rows({0: 1, 30: 1}, customers=400),
    ],
    ids=["one day", "all overlaps", "too few rows"],
)
def test_too_little_past_leaves_the_rounds_as_they_are(past: Matrix) -> None:
    assert chosen(past, STOPPING)["rounds"] == 60


def test_no_past_at_all_leaves_the_rounds_as_they_are() -> None:
    assert choose_parameters(rows({0: 1}), STOPPING, Probability())["rounds"] == 60


def test_a_newest_day_of_one_class_leaves_the_rounds_as_they_are() -> None:
    past = rows({0: 1, 30: 1})
    past.labels[past.dates == np.datetime64(DAY)] = 0
    assert chosen(past, STOPPING)["rounds"] == 60


@pytest.mark.parametrize(("way", "sign"), [("increasing", 1), ("decreasing", -1)])
def test_a_constraint_holds_whatever_the_data_say(way: str, sign: int) -> None:
    past = rows({0: -sign, 30: -sign})
    parameters = chosen(past, replace(PREDICTION, monotone={"signal": way}))
    grid = np.zeros((100, 2), np.float32)
    grid[:, 0] = np.linspace(-4, 4, 100)
    assert (sign * np.diff(predict(fit(past, parameters), grid)) >= 0).all()
    free = np.diff(predict(fit(past, PREDICTION.parameters), grid))
    assert (sign * free < 0).any()


def test_a_constraint_of_a_feature_that_is_left_out_is_none() -> None:
    constrained = replace(PREDICTION, monotone={"signal": "increasing"})
    parameters = chosen(rows({0: 1, 30: 1}).only(["noise"]), constrained)
    assert parameters == PREDICTION.parameters


def test_a_constraint_of_no_feature_is_refused_by_name() -> None:
    constrained = replace(PREDICTION, monotone={"signal": "increasing", "sgnal": "increasing"})
    with pytest.raises(UserError, match=r"'churn': monotone names sgnal, which no feature"):
        check_constraints(rows({0: 1}), constrained)


def test_a_constraint_of_a_category_is_refused_by_name() -> None:
    constrained = replace(PREDICTION, monotone={"noise": "increasing"})
    of_text = replace(rows({0: 1}), categories={"noise": ("a", "b")})
    with pytest.raises(UserError, match=r"'churn': monotone names noise, whose values are text"):
        check_constraints(of_text, constrained)


def test_tuning_sees_the_past_alone_and_rounds_are_found_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    past, asked = rows({0: 1, 30: 1, 60: 1}), []

    def tune(
        past: Matrix, parameters: dict, prediction: Prediction, objective: Probability
    ) -> dict:
        asked.append((past.dates.max(), prediction.tune_trials, objective))
        return {**parameters, "learning_rate": 0.05}

    monkeypatch.setattr(recipe, "tune", tune)
    tuned = chosen(past, replace(PREDICTION, tune_trials=7))
    assert tuned == {**PREDICTION.parameters, "learning_rate": 0.05}
    assert asked == [(np.datetime64(DAY), 7, Probability())]
    stopped = chosen(past, replace(STOPPING, tune_trials=7))
    slower = replace(STOPPING, parameters={**STOPPING.parameters, "learning_rate": 0.05})
    assert stopped == chosen(past, slower)
    assert stopped["rounds"] < 60
