"""Reasons: which features push a score most, and how they are told."""

import json

import numpy as np
import pytest
import xgboost

from regulars.errors import UserError
from regulars.scoring import reasons as told_by
from regulars.scoring.reasons import (
    METHODS,
    MOST_REASONS,
    Reasons,
    as_json,
    check_method,
    reasons_of,
    strongest,
)
from regulars.training import booster as boosting
from regulars.training.matrix import Matrix
from regulars.training.objectives.probability import ProbabilityModel

FEATURES = tuple(f"feature_{number}" for number in range(8))
ROWS = 400


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    """Rows with gaps; feature_0 decides most, feature_1 the other way, feature_7 never changes."""
    made_up = np.random.default_rng(3).uniform(0, 10, (ROWS, 8)).astype(np.float32)
    made_up[::7, 1] = np.nan
    made_up[:, 7] = 1
    return made_up


@pytest.fixture(scope="module")
def booster(values: np.ndarray) -> xgboost.Booster:
    pushed = values[:, 0] - np.nan_to_num(values[:, 1], nan=2.0) / 2
    labels = (pushed + np.random.default_rng(4).normal(0, 2, ROWS) > 2.5).astype(np.float32)
    rows = Matrix(FEATURES, values, labels, np.zeros(ROWS, "datetime64[D]"))
    return boosting.fit(rows, {"rounds": 20, "max_depth": 3, "nthread": 1})


@pytest.fixture(scope="module")
def model(booster: xgboost.Booster) -> ProbabilityModel:
    return ProbabilityModel(booster, {})


def log_odds(booster: xgboost.Booster, values: np.ndarray) -> np.ndarray:
    odds: np.ndarray = booster.predict(
        xgboost.DMatrix(values), output_margin=True, validate_features=False
    )
    return odds


@pytest.mark.parametrize("method", ["approximate", "exact"])
def test_contributions_and_a_constant_add_up_to_the_score(
    booster: xgboost.Booster, model: ProbabilityModel, values: np.ndarray, method: str
) -> None:
    added = model.contributions(values, method)
    assert added.shape == values.shape
    rest = log_odds(booster, values) - added.sum(axis=1)
    assert np.ptp(rest) < 1e-4
    assert not added[:, 7].any(), "what never changes explains nothing"


def test_the_ways_differ_but_agree_on_what_counts(
    model: ProbabilityModel, values: np.ndarray
) -> None:
    approximate = model.contributions(values, "approximate")
    exact = model.contributions(values, "exact")
    assert not np.allclose(approximate, exact, atol=1e-3)
    firsts = strongest(approximate, values).places[:, 0] == strongest(exact, values).places[:, 0]
    assert firsts.mean() > 0.8


def test_a_contribution_pushes_where_its_sign_says(
    model: ProbabilityModel, values: np.ndarray
) -> None:
    added = model.contributions(values, "exact")
    high, low = values[:, 0] > 8, values[:, 0] < 2
    assert (added[high, 0] > 0).all()
    assert (added[low, 0] < 0).all()


def test_the_strongest_come_first_whichever_way_they_push() -> None:
    added = np.array([[0.1, -0.9, 0.5, 0, 0.2, -0.3, 0.05], [0] * 7], np.float32)
    values = np.arange(14, dtype=np.float32).reshape(2, 7)
    found = strongest(added, values)
    assert found.places.tolist()[0] == [1, 2, 5, 4, 0]
    assert found.contributions[0].tolist() == pytest.approx([-0.9, 0.5, -0.3, 0.2, 0.1])
    assert found.values[0].tolist() == [1, 2, 5, 4, 0]
    assert added[0, 1] == np.float32(-0.9), "what is given isn't changed"


def test_of_equally_strong_ones_the_first_comes_first() -> None:
    added = np.array([[0.5, -0.5, 0.5, 0.7, -0.5, 0.5, 0.5]], np.float32)
    assert strongest(added, added).places.tolist() == [[3, 0, 1, 2, 4]]


def test_fewer_features_than_reasons() -> None:
    added = np.array([[0.1, -0.2]], np.float32)
    assert strongest(added, added).places.tolist() == [[1, 0]]


def test_a_category_is_told_by_its_name() -> None:
    reasons = Reasons(
        np.array([[1, 0], [1, 0], [0, 1], [1, 0]]),
        np.array([[1, 5], [0, 0], [2, 2], [np.nan, 1]], np.float32),
        np.ones((4, 2), np.float32),
    )
    known = {"country": ['the "north"', "Österreich"]}
    told = as_json(reasons, ["days", "country"], {}, known).to_pylist()
    values = [{reason["feature"]: reason["value"] for reason in json.loads(row)} for row in told]
    assert values == [
        {"country": "Österreich", "days": 5},
        {"country": 'the "north"', "days": 0},
        {"country": "(new)", "days": 2},
        {"country": None, "days": 1},
    ]


def test_reasons_are_told_in_words() -> None:
    reasons = Reasons(
        np.array([[1, 0, 2], [2, 1, 0], [0, 1, 2]]),
        np.array([[12.34, np.nan, 240], [-0.0, np.inf, 1e-5], [1, 1, 1]], np.float32),
        np.array([[-1.23456, 0.5, 0.00004], [0.3, -0.2, 0.1], [0, 0, 0]], np.float32),
    )
    words = {"days": 'Days since "it"', "share": "Share of Müller's"}
    told = as_json(reasons, ["days", "share", "orders_count"], words).to_pylist()
    assert json.loads(told[0]) == [
        {
            "feature": "share",
            "words": "Share of Müller's",
            "value": 12.34,
            "contribution": -1.2346,
            "direction": "down",
        },
        {
            "feature": "days",
            "words": 'Days since "it"',
            "value": None,
            "contribution": 0.5,
            "direction": "up",
        },
    ]
    second = json.loads(told[1])
    assert [reason["words"] for reason in second] == [
        "orders count",
        "Share of Müller's",
        'Days since "it"',
    ]
    assert [reason["value"] for reason in second] == [0, None, 1e-05]
    assert '"value": 0,' in told[1]
    assert "Müller" in told[1]
    assert told[2] == "[]"


def test_batches_give_what_one_go_gives(
    model: ProbabilityModel, values: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = reasons_of(model, values, FEATURES, {}, "approximate").to_pylist()
    monkeypatch.setattr(told_by, "ROWS_AT_ONCE", 37)
    assert reasons_of(model, values, FEATURES, {}, "approximate").to_pylist() == whole
    turned = reasons_of(model, values[::-1].copy(), FEATURES, {}, "approximate").to_pylist()
    assert turned[::-1] == whole
    assert {len(json.loads(row)) for row in whole} <= set(range(1, MOST_REASONS + 1))


def test_threads_change_nothing(
    booster: xgboost.Booster, model: ProbabilityModel, values: np.ndarray
) -> None:
    one = reasons_of(model, values, FEATURES, {}, "approximate").to_pylist()
    several = booster.copy()
    several.set_param({"nthread": 4})
    assert (
        reasons_of(ProbabilityModel(several, {}), values, FEATURES, {}, "approximate").to_pylist()
        == one
    )


def test_none_are_told_where_none_are_asked_for(
    model: ProbabilityModel, values: np.ndarray
) -> None:
    assert reasons_of(model, values, FEATURES, {}, "none").to_pylist() == [None] * ROWS


@pytest.mark.parametrize("method", METHODS)
def test_no_rows_have_no_reasons(model: ProbabilityModel, values: np.ndarray, method: str) -> None:
    told = reasons_of(model, values[:0], FEATURES, {}, method)
    assert (len(told), str(told.type)) == (0, "string")


def test_an_unknown_way_is_named() -> None:
    with pytest.raises(UserError, match="var reasons is 'shap': write approximate, exact, none"):
        check_method("shap")
