"""Whom we chose to reach, and weights that let those who were stand for those who weren't.

A label that exists only for customers who were reached comes from a choice, mostly that of an
earlier score. A model that learns from them alone knows little of the others. Who was reached
against the odds tells most of those who weren't, so such rows count more: by one over the
probability with which somebody like them was reached.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import xgboost

from regulars.engines import Engine
from regulars.training.matrix import Matrix, selected, to_values

# what campaigns mostly choose by; those that a matrix has are used
CHOSEN_BY = (
    "days_since_last_purchase",
    "purchases_count",
    "revenue_amount",
    "days_since_first_purchase",
    "messages_sent_count_30d",
    "messages_sent_count_90d",
    "messages_sent_count_365d",
    "messages_opened_count_365d",
    "messages_clicked_count_365d",
    "email_sent_count_365d",
    "push_sent_count_365d",
    "sms_sent_count_365d",
    "days_since_message_sent",
    "days_since_message_opened",
    "open_rate_365d",
    "click_rate_365d",
)
# each row's probability comes from a model of the other folds
FOLDS = 5
# nobody stands for more than so many
LARGEST_WEIGHT = 20.0
# fewer rows of either kind teach nothing of the choice
FEWEST = 50
SEED = 20
PARAMETERS = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "seed": SEED,
    "learning_rate": 0.1,
    "max_depth": 3,
    "min_child_weight": 20,
}
ROUNDS = 60


def weighted_by_selection(engine: Engine, relation: Any, matrix: Matrix) -> Matrix:
    """The same rows, weighted by who of their days was reached.

    Args:
        relation: the training view. Who is in the population on a past day whose window has
            passed, and has no label, was not reached.
        matrix: its rows with a label, as `read_training_matrix` gives them.
    """
    names = tuple(chosen_by(matrix.features))
    days = ", ".join(f"date '{day}'" for day in np.unique(matrix.dates))
    if not names or not days:
        return matrix
    table = engine.read(
        relation,
        columns=["label is not null as was_reached", *selected(names)],
        where=f"as_of_date in ({days})",
        order_by=["as_of_date", "customer_id"],
    )
    was_reached = table["was_reached"].to_numpy()
    return replace(matrix, weights=selection_weights(to_values(table, names), was_reached))


def selection_weights(
    values: np.ndarray, was_reached: np.ndarray, largest: float = LARGEST_WEIGHT
) -> np.ndarray:
    """How much each row that was reached counts in training.

    Args:
        values: float32, rows × what campaigns chose by, in a total order; NaN where missing.
        was_reached: for each row, whether it was reached and has a label.
        largest: the most that one row may stand for.

    Returns:
        float32, one per reached row, in their order: one over the probability to be reached,
        at most `largest`, divided by their mean. All 1 where nothing can be learnt of the choice.
    """
    reached = was_reached.astype(bool)
    if min(reached.sum(), (~reached).sum()) < FEWEST:
        return np.ones(int(reached.sum()), np.float32)
    odds = np.maximum(reach_probabilities(values, reached)[reached], 1 / largest)
    weights = 1 / odds.astype(np.float64)
    return np.asarray(weights / weights.mean(), np.float32)


def reach_probabilities(values: np.ndarray, was_reached: np.ndarray) -> np.ndarray:
    """P(reached) of each row, by a model that hasn't learnt from it.

    Args:
        values, was_reached: as for `selection_weights`.

    Returns:
        float32, one per row, in (0, 1).
    """
    # rows stand by day and customer, so each fold has its share of every day
    fold = np.arange(len(values)) % FOLDS
    found = np.empty(len(values), np.float32)
    for number in range(FOLDS):
        learn = fold != number
        data = xgboost.QuantileDMatrix(values[learn], label=was_reached[learn])
        booster = xgboost.train(PARAMETERS, data, num_boost_round=ROUNDS)
        found[~learn] = booster.inplace_predict(values[~learn])
    return found


def chosen_by(features: Sequence[str]) -> list[str]:
    """Those of the features that campaigns mostly choose by."""
    return [name for name in CHOSEN_BY if name in features]
