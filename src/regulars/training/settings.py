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
            UserError: when the horizon is missing or isn't a positive whole number.
        """
        horizon = entry.get("horizon_days")
        if not isinstance(horizon, int) or horizon < 1:
            raise UserError(
                f"Prediction '{name}': horizon_days is {horizon!r}, give a whole number of days"
                " in the var `predictions` of dbt_project.yml."
            )
        return cls(name, horizon, {**parameters, **entry.get("parameters", {})})
