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
    """

    name: str
    horizon_days: int
    parameters: Mapping[str, Any]

    @classmethod
    def from_config(
        cls, name: str, entry: Mapping[str, Any], parameters: Mapping[str, Any]
    ) -> "Prediction":
        """Reads what a shim's YAML hands over; an entry may change single parameters.

        Raises:
            UserError: when the horizon or `rounds` isn't a positive whole number.
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
        return cls(name, horizon, merged)
