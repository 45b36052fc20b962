"""What a prediction is: its entry in the var `predictions`, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from regulars.errors import UserError


@dataclass(frozen=True)
class Prediction:
    """One prediction.

    Attributes:
        name: as in the var `predictions`.
        horizon_days: how many days after as_of_date the label looks at.
        parameters: XGBoost's, plus `rounds` (the number of trees).
        means_silence: whether label 1 says that nothing came: seasons move silence and action
            in opposite ways.
    """

    name: str
    horizon_days: int
    parameters: Mapping[str, Any]
    means_silence: bool = False

    @classmethod
    def from_config(
        cls, name: str, entry: Mapping[str, Any], parameters: Mapping[str, Any]
    ) -> "Prediction":
        """Reads what a shim's YAML hands over; an entry may change single parameters.

        Raises:
            UserError: when the horizon or `rounds` isn't a positive whole number, or
                `positive_means` isn't a word that is known.
        """
        horizon = entry.get("horizon_days")
        if type(horizon) is not int or horizon < 1:
            raise UserError(
                f"Prediction '{name}': horizon_days is {horizon!r}, give a whole number of days"
                " in the var `predictions` of dbt_project.yml."
            )
        merged = {**parameters, **(entry.get("parameters") or {})}
        if type(merged.get("rounds")) is not int or merged["rounds"] < 1:
            raise UserError(
                f"Prediction '{name}': rounds is {merged.get('rounds')!r}, give a whole number of"
                " trees in the var `xgboost_parameters` of dbt_project.yml."
            )
        meaning = entry.get("positive_means", "action")
        if meaning not in ("action", "silence"):
            raise UserError(
                f"Prediction '{name}': positive_means is {meaning!r}, give action (label 1:"
                " something came) or silence (nothing came) in the var `predictions` of"
                " dbt_project.yml."
            )
        return cls(name, horizon, merged, means_silence=meaning == "silence")
