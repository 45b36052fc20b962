"""What a prediction is: its entry in the var `predictions`, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from regulars.errors import UserError

# what `tune: true` tries, unless the entry has `tune_trials`
TUNE_TRIALS = 40
OBJECTIVES = ("probability", "amount", "waiting_time")


@dataclass(frozen=True)
class Prediction:
    """One prediction.

    Attributes:
        name: as in the var `predictions`.
        horizon_days: how many days after as_of_date the label looks at.
        parameters: XGBoost's, plus `rounds` (the number of trees).
        means_silence: whether label 1 says that nothing came: seasons move silence and action
            in opposite ways.
        monotone: features that may only raise or only lower the score, each with `increasing`
            or `decreasing`.
        tune_trials: how many parameters to try before a training; 0: none but the given ones.
        objective: one of OBJECTIVES: what the label is, and the score.
        weight_by_selection: whether labels exist only for customers that we reached, and those
            reached against the odds are to count more.
    """

    name: str
    horizon_days: int
    parameters: Mapping[str, Any]
    means_silence: bool = False
    monotone: Mapping[str, str] = field(default_factory=dict)
    tune_trials: int = 0
    objective: str = "probability"
    weight_by_selection: bool = False

    @classmethod
    def from_config(
        cls, name: str, entry: Mapping[str, Any], parameters: Mapping[str, Any]
    ) -> "Prediction":
        """Reads what a shim's YAML hands over; an entry may change single parameters.

        Raises:
            UserError: in one line, naming the setting that can't be and what it may be.
        """
        merged = {**parameters, **(entry.get("parameters") or {})}
        horizon: Any = entry.get("horizon_days")
        monotone = entry.get("monotone") or {}
        meaning = entry.get("positive_means", "action")
        objective = entry.get("objective", "probability")
        weight, patience = merged.get("season_weight", 1), merged.get("early_stopping_rounds")
        entries = "in the var `predictions` of dbt_project.yml"
        defaults = "in the var `xgboost_parameters` of dbt_project.yml"
        _check(name, "horizon_days", horizon, _is_count(horizon), f"a number of days {entries}")
        fits = objective in OBJECTIVES
        _check(name, "objective", objective, fits, f"{', '.join(OBJECTIVES)} {entries}")
        fits = meaning == "action" or objective == "probability"
        _check(name, "positive_means", meaning, fits, f"action for the objective {objective}")
        _check(
            name,
            "positive_means",
            meaning,
            meaning in ("action", "silence"),
            f"action (label 1: something came) or silence (nothing came) {entries}",
        )
        for feature, way in monotone.items():
            fits = way in ("increasing", "decreasing")
            _check(name, f"monotone of {feature}", way, fits, f"increasing or decreasing {entries}")
        rounds = merged.get("rounds")
        _check(name, "rounds", rounds, _is_count(rounds), f"a number of trees {defaults}")
        fits = type(weight) in (int, float) and weight > 0
        _check(name, "season_weight", weight, fits, f"a number above 0 {defaults}")
        fits = patience is None or _is_count(patience)
        _check(name, "early_stopping_rounds", patience, fits, f"a number of trees {defaults}")
        tune, trials = entry.get("tune", False), entry.get("tune_trials", TUNE_TRIALS)
        _check(name, "tune", tune, type(tune) is bool, f"true or false {entries}")
        _check(name, "tune_trials", trials, _is_count(trials), f"a number of trials {entries}")
        selected = entry.get("weight_by_selection", False)
        fits = type(selected) is bool
        _check(name, "weight_by_selection", selected, fits, f"true or false {entries}")
        trials = trials if tune else 0
        silence = meaning == "silence"
        return cls(name, horizon, merged, silence, monotone, trials, objective, selected)


def _is_count(value: Any) -> bool:
    return type(value) is int and value > 0


def _check(prediction: str, setting: str, value: Any, fits: bool, wanted: str) -> None:
    if not fits:
        raise UserError(f"Prediction '{prediction}': {setting} is {value!r}, give {wanted}.")
