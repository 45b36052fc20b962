"""The parameters that a model is fitted with: chosen on days before the one it is judged on."""

from typing import Any

from regulars.errors import UserError
from regulars.training import booster as boosting
from regulars.training.matrix import Matrix
from regulars.training.objectives import Objective
from regulars.training.settings import Prediction
from regulars.training.temporal import newest_snapshot_holdout
from regulars.training.tuning import judgeable_days, tune


def choose_parameters(
    matrix: Matrix, prediction: Prediction, objective: Objective
) -> dict[str, Any]:
    """What to fit with, in XGBoost's names and ours.

    Args:
        matrix: every row with a closed label window. The newest snapshot, which the model is
            judged on, has no say, nor have those whose horizon reaches past it.

    Returns:
        The prediction's parameters with its constraints, tuned when it asks for that, and with
        the number of trees found when it has `early_stopping_rounds`.
    """
    parameters = dict(prediction.parameters) | _constraints(matrix.features, prediction)
    patience = parameters.pop("early_stopping_rounds", None)
    if not (patience or prediction.tune_trials):
        return parameters
    learn, _ = newest_snapshot_holdout(matrix.dates, prediction.horizon_days)
    past = matrix.where(learn)
    if prediction.tune_trials:
        parameters = tune(past, parameters, prediction, objective)
    if patience and len(past):
        parameters["rounds"] = _enough_rounds(past, parameters, prediction, objective, patience)
    return parameters


def check_constraints(matrix: Matrix, prediction: Prediction) -> None:
    """Refuses constraints of features that there are not, or that have no order.

    Raises:
        UserError: naming them.
    """
    if unknown := sorted(set(prediction.monotone) - set(matrix.features)):
        raise UserError(
            f"Prediction '{prediction.name}': monotone names {', '.join(unknown)}, which no"
            " feature is called: docs/reference/features.md lists them."
        )
    if texts := sorted(set(prediction.monotone) & set(matrix.categories)):
        raise UserError(
            f"Prediction '{prediction.name}': monotone names {', '.join(texts)}, whose values are"
            " text and have no order: leave it out."
        )


def _constraints(features: tuple[str, ...], prediction: Prediction) -> dict[str, Any]:
    """XGBoost's `monotone_constraints`; a feature that is left out needs none."""
    signs = {"increasing": 1, "decreasing": -1}
    found = {name: signs[way] for name, way in prediction.monotone.items() if name in features}
    return {"monotone_constraints": found} if found else {}


def _enough_rounds(
    past: Matrix,
    parameters: dict[str, Any],
    prediction: Prediction,
    objective: Objective,
    patience: int,
) -> int:
    """How many trees do best on the newest snapshot, after `patience` more that did no better."""
    days = judgeable_days(past, prediction.horizon_days, objective, count=1)
    if not days:
        return int(parameters["rounds"])
    ((older, newest),) = days
    return boosting.rounds_until_no_better(
        objective.events(older), objective.events(newest), parameters, patience
    )
