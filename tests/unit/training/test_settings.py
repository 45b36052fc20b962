"""A prediction's entry in the var `predictions`, and what is wrong with a bad one."""

import pytest

from regulars.errors import UserError
from regulars.training.settings import Prediction

DEFAULTS = {"rounds": 150, "max_depth": 3}


def test_an_entry_changes_single_parameters() -> None:
    entry = {"horizon_days": 90, "parameters": {"max_depth": 5}}
    prediction = Prediction.from_config("churn", entry, DEFAULTS)
    assert prediction == Prediction("churn", 90, {"rounds": 150, "max_depth": 5})
    assert DEFAULTS["max_depth"] == 3


def test_parameters_left_empty_are_the_defaults() -> None:
    entry = {"horizon_days": 90, "parameters": None}
    assert Prediction.from_config("churn", entry, DEFAULTS).parameters == DEFAULTS


@pytest.mark.parametrize("horizon", [None, 0, -30, 30.5, "30", True])
def test_a_horizon_must_be_a_whole_number_of_days(horizon: object) -> None:
    with pytest.raises(UserError, match=rf"'churn': horizon_days is {horizon!r}.*`predictions`"):
        Prediction.from_config("churn", {"horizon_days": horizon}, DEFAULTS)


def test_a_missing_horizon_is_named() -> None:
    with pytest.raises(UserError, match="horizon_days is None"):
        Prediction.from_config("churn", {}, DEFAULTS)


def test_without_a_number_of_rounds_the_setting_is_named() -> None:
    with pytest.raises(UserError, match="rounds"):
        Prediction.from_config("churn", {"horizon_days": 90}, {"max_depth": 3})


@pytest.mark.parametrize(
    ("entry", "silence"),
    [({}, False), ({"positive_means": "action"}, False), ({"positive_means": "silence"}, True)],
)
def test_label_1_is_an_action_unless_it_is_said_to_be_silence(entry: dict, silence: bool) -> None:
    prediction = Prediction.from_config("churn", {"horizon_days": 90, **entry}, DEFAULTS)
    assert prediction.means_silence is silence


def test_another_meaning_is_refused() -> None:
    entry = {"horizon_days": 90, "positive_means": "churn"}
    with pytest.raises(UserError, match=r"positive_means is 'churn', give action .* or silence"):
        Prediction.from_config("churn", entry, DEFAULTS)


@pytest.mark.parametrize("weight", [0, -1, "3", None, True])
def test_the_weight_of_a_season_is_above_0(weight: object) -> None:
    with pytest.raises(UserError, match=rf"season_weight is {weight!r}, give a number above 0"):
        Prediction.from_config("churn", {"horizon_days": 90}, {**DEFAULTS, "season_weight": weight})


@pytest.mark.parametrize("patience", [0, 2.5, "20"])
def test_patience_is_a_number_of_trees(patience: object) -> None:
    entry = {"horizon_days": 90, "parameters": {"early_stopping_rounds": patience}}
    with pytest.raises(UserError, match=rf"early_stopping_rounds is {patience!r}, give a number"):
        Prediction.from_config("churn", entry, DEFAULTS)


def test_constraints_are_words() -> None:
    entry = {"horizon_days": 90, "monotone": {"days_since_last_purchase": "increasing"}}
    prediction = Prediction.from_config("churn", entry, DEFAULTS)
    assert prediction.monotone == {"days_since_last_purchase": "increasing"}
    entry["monotone"] = {"days_since_last_purchase": 1}
    with pytest.raises(UserError, match="monotone of days_since_last_purchase is 1, give incr"):
        Prediction.from_config("churn", entry, DEFAULTS)


def test_tuning_is_asked_for() -> None:
    def trials(**entry: object) -> int:
        return Prediction.from_config("churn", {"horizon_days": 90, **entry}, DEFAULTS).tune_trials

    assert trials() == trials(tune=False, tune_trials=5) == 0
    assert trials(tune=True) == 40
    assert trials(tune=True, tune_trials=5) == 5
    with pytest.raises(UserError, match="tune is 'yes', give true or false"):
        trials(tune="yes")
    with pytest.raises(UserError, match="tune_trials is 0, give a number of trials"):
        trials(tune=True, tune_trials=0)


def test_the_objective_is_a_probability_unless_it_is_said_to_be_another() -> None:
    entry = {"horizon_days": 90}
    assert Prediction.from_config("value", entry, DEFAULTS).objective == "probability"
    amount = Prediction.from_config("value", {**entry, "objective": "amount"}, DEFAULTS)
    assert amount.objective == "amount"
    with pytest.raises(
        UserError, match="objective is 'revenue', give probability, amount, waiting_time in the var"
    ):
        Prediction.from_config("value", {**entry, "objective": "revenue"}, DEFAULTS)


def test_only_probabilities_can_mean_silence() -> None:
    entry = {"horizon_days": 90, "objective": "amount", "positive_means": "silence"}
    with pytest.raises(
        UserError, match="positive_means is 'silence', give action for the objective amount"
    ):
        Prediction.from_config("value", entry, DEFAULTS)


def test_rows_are_weighed_by_selection_only_where_that_is_asked_for() -> None:
    def read(**entry: object) -> Prediction:
        return Prediction.from_config("engagement_email", {"horizon_days": 30, **entry}, DEFAULTS)

    assert read().weight_by_selection is False
    assert read(weight_by_selection=True).weight_by_selection is True
    with pytest.raises(UserError, match="weight_by_selection is 'yes', give true or false"):
        read(weight_by_selection="yes")
