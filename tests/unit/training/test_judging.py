"""Spoilt challengers are turned down, each with its reason; honest ones aren't."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from regulars.training.checks import useless_features
from regulars.training.judging import Verdict, judge
from regulars.training.matrix import Matrix
from regulars.training.objectives import objective_of
from regulars.training.rules import FREQUENCY, MONETARY
from regulars.training.seasons import RECENCY, TENURE
from regulars.training.settings import Prediction

DAY = np.datetime64("2024-12-31")
PARAMETERS = {"rounds": 60, "max_depth": 3, "learning_rate": 0.1, "nthread": 1}
GROUPS = {
    "recency": (RECENCY, "days_since_visit"),
    "frequency": (FREQUENCY, "visits_count"),
    "money": (MONETARY, "basket_amount"),
}
FEATURES = (*(name for group in GROUPS.values() for name in group), TENURE)
NOBODY: Mapping[str, Any] = {"champion_model_id": None}
CHURN = Prediction("churn", 30, PARAMETERS, means_silence=True)


def shop(customers: int = 1500, days: int = 5, seed: int = 1) -> Matrix:
    """Six features in three groups, each group with its part of the truth; days 30 days apart."""
    random = np.random.default_rng(seed)
    rows = customers * days
    truth = random.normal(size=(rows, 3))
    values = np.repeat(truth, 2, axis=1) + random.normal(0, 0.3, (rows, 6))
    values[:, 0] *= -1
    values = np.column_stack([np.exp(values), np.full(rows, 100.0)]).astype(np.float32)
    stays = 1 / (1 + np.exp(-1.2 * truth.sum(axis=1)))
    labels = (random.uniform(size=rows) > stays).astype(np.float32)
    ages = np.repeat(np.arange(days)[::-1] * 30, customers).astype("timedelta64[D]")
    return Matrix(FEATURES, values, labels, DAY - ages)


def useful(matrix: Matrix) -> list[str]:
    useless = useless_features(matrix)
    return [name for name in matrix.features if name not in useless]


def judged(matrix: Matrix, champion: Mapping[str, Any] = NOBODY, **changed: Any) -> Verdict:
    prediction = replace(CHURN, **changed)
    objective = objective_of(prediction.objective, prediction.horizon_days)
    return judge(matrix, useful(matrix), prediction, objective, champion)


def promoted(matrix: Matrix, **changed: Any) -> dict[str, Any]:
    """The plan's columns of a champion that learnt from a matrix."""
    verdict = judged(matrix, **changed)
    assert verdict.status == "promoted", verdict
    return {
        "champion_model_id": "the champion",
        "champion_features": json.dumps(useful(matrix)),
        "champion_parameters": json.dumps(PARAMETERS),
        "champion_metrics": json.dumps(verdict.metrics),
    }


@pytest.fixture(scope="module")
def champion() -> dict[str, Any]:
    return promoted(shop())


def shuffled(matrix: Matrix, random: np.random.Generator) -> Matrix:
    return matrix.labelled(random.permutation(matrix.labels))


def without(matrix: Matrix, *groups: str) -> Matrix:
    """Nothing is known any more of some features, as after a broken join."""
    values = matrix.values.copy()
    for name in (name for group in groups for name in GROUPS[group]):
        values[:, matrix.features.index(name)] = np.nan
    return replace(matrix, values=values)


def leaking(matrix: Matrix, random: np.random.Generator, noise: float) -> Matrix:
    """One more feature, which knows what came, more or less."""
    leak = matrix.labels + random.normal(0, noise, len(matrix))
    values = np.column_stack([matrix.values, leak]).astype(np.float32)
    return replace(matrix, features=(*matrix.features, "answered_at"), values=values)


@pytest.mark.parametrize("seed", range(2, 7))
def test_honest_challengers_are_promoted(champion: dict[str, Any], seed: int) -> None:
    verdict = judged(shop(seed=seed), champion)
    assert (verdict.status, verdict.reason) == ("promoted", "no worse than the champion")


@pytest.mark.parametrize("seed", range(2, 9))
def test_shuffled_labels_are_turned_down(champion: dict[str, Any], seed: int) -> None:
    """Though the champion's recipe, fitted on them, is no better."""
    matrix = shop(seed=seed)
    verdict = judged(shuffled(matrix, np.random.default_rng(seed)), champion)
    assert verdict.status == "rejected"
    past = matrix.labelled(
        np.where(
            matrix.dates < DAY, shuffled(matrix, np.random.default_rng(1)).labels, matrix.labels
        )
    )
    assert judged(past, champion).status == "rejected"


@pytest.mark.parametrize(
    "groups", [("recency", "money"), ("recency", "frequency"), ("frequency", "money")]
)
@pytest.mark.parametrize("seed", [2, 3])
def test_lost_features_are_turned_down(
    champion: dict[str, Any], groups: tuple[str, ...], seed: int
) -> None:
    verdict = judged(without(shop(seed=seed), *groups), champion)
    assert verdict.status == "rejected"
    first = GROUPS[groups[0]][0]
    assert verdict.reason == (
        f"4 of the champion's 6 features say the same of everybody now, {first} for one."
        " If that is right: regulars champion set"
    )
    # emptied for all but a few, they still count as features
    spared = np.random.default_rng(seed).uniform(size=7500) < 0.001
    spoilt = without(shop(seed=seed), *groups)
    spoilt.values[spared] = shop(seed=seed).values[spared]
    verdict = judged(spoilt, champion)
    assert verdict.status == "rejected"
    assert "the champion's was 0." in verdict.reason


@pytest.mark.parametrize("seed", range(2, 9))
def test_a_planted_leak_is_turned_down_by_name(champion: dict[str, Any], seed: int) -> None:
    """From one that all but tells the label to one that only makes the model wonderful."""
    noise = 0.3 + 0.05 * (seed - 2)
    for judge_by in (champion, NOBODY):
        verdict = judged(leaking(shop(seed=seed), np.random.default_rng(seed), noise), judge_by)
        assert verdict.status == "rejected"
        assert verdict.reason.startswith("without answered_at the AUC falls from 0.9")


def test_a_worse_recipe_is_turned_down(champion: dict[str, Any]) -> None:
    """Within what days may differ by, but worse on the same day."""
    fewer = {**PARAMETERS, "rounds": 12}
    verdict = judged(shop(), champion, parameters=fewer)
    assert verdict.status == "rejected"
    assert " against the champion's 0." in verdict.reason


def test_a_model_that_the_rules_beat_is_turned_down() -> None:
    verdict = judged(shop(), parameters={**PARAMETERS, "rounds": 1, "max_depth": 1})
    assert verdict.status == "rejected"
    assert " against the rules baseline's 0." in verdict.reason


def test_a_model_that_tells_few_apart_is_turned_down() -> None:
    """Where the rules are not better beyond noise; the gate would stop the run."""
    few = shuffled(shop(customers=200), np.random.default_rng(2))
    verdict = judged(few, parameters={**PARAMETERS, "min_child_weight": 1000})
    assert (verdict.status, verdict.reason) == (
        "rejected",
        "it gives 100% of the customers the same score",
    )


def test_probabilities_that_lie_are_turned_down(champion: dict[str, Any]) -> None:
    """Many labels of the past were turned into 1: ranks stay, probabilities do not."""
    matrix = shop()
    random = np.random.default_rng(5)
    more = np.where(
        (matrix.dates < DAY) & (random.uniform(size=len(matrix)) < 0.4), 1, matrix.labels
    )
    verdict = judged(matrix.labelled(more), champion)
    assert verdict.metrics is not None
    assert verdict.metrics["calibration_error"] > 0.15
    # the champion's recipe lies as much on that past: a season might have done it
    assert verdict.status == "promoted"
    loud = judged(matrix, champion, parameters={**PARAMETERS, "scale_pos_weight": 8.0})
    assert loud.status == "rejected"
    assert loud.reason.startswith("calibration error 0.")


def test_a_champion_from_before_its_metrics_were_kept_is_no_hindrance() -> None:
    matrix = shop()
    plan = promoted(matrix) | {"champion_metrics": None}
    assert judged(matrix, plan).status == "promoted"


def test_amounts_are_judged_by_their_deviance() -> None:
    matrix = shop()
    amounts = np.where(matrix.labels == 0, matrix.values[:, 4] * 10, 0)
    spent = matrix.labelled(amounts)
    asked = {"objective": "amount", "means_silence": False}
    champion = promoted(spent, **asked)
    assert judged(spent, champion, **asked).status == "promoted"
    verdict = judged(spent, champion, **asked, parameters={**PARAMETERS, "rounds": 12})
    assert verdict.status == "rejected"
    assert verdict.reason.startswith("Tweedie deviance ")
    flat = spent.labelled(np.random.default_rng(1).permutation(amounts))
    assert judged(flat, champion, **asked).status == "rejected"


def test_waits_are_judged_within_their_horizon_as_was_known_then() -> None:
    matrix = shop()
    days = np.round(np.exp(2.5 + matrix.labels + 0.3 * np.log(matrix.values[:, 0]))) + 1
    known = (DAY.astype(int) + 30 - matrix.dates.astype(int)).astype(np.float32)
    waits = matrix.labelled(np.minimum(days, known), days > known)
    asked = {"objective": "waiting_time", "means_silence": False}
    verdict = judged(waits, **asked)
    assert verdict.status == "promoted"
    assert verdict.metrics is not None
    assert verdict.metrics["base_rate"] == pytest.approx((days[matrix.dates == DAY] <= 30).mean())
    # what came after the held-out day is not learnt from
    later = waits.labelled(
        np.where((waits.dates < DAY) & (days > known - 30), known, waits.labels),
        np.where((waits.dates < DAY) & (days > known - 30), True, days > known),
    )
    again = judged(later, **asked)
    assert again.metrics == verdict.metrics
