"""What a prediction's label is, how it is learnt, and what its score says."""

from regulars.training.objectives.amount import Amount
from regulars.training.objectives.objective import Fitted, Objective, Scores
from regulars.training.objectives.probability import Probability
from regulars.training.objectives.waiting_time import WaitingTime

__all__ = ["Fitted", "Objective", "Scores", "objective_of"]


def objective_of(name: str | None, horizon_days: int) -> Objective:
    """The objective of a prediction, by its name in the var `predictions`.

    Args:
        name: one of OBJECTIVES; None for a model from before there were several.
    """
    if name == "amount":
        return Amount(horizon_days)
    if name == "waiting_time":
        return WaitingTime(horizon_days)
    return Probability()
