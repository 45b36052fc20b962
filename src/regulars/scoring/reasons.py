"""Why a score is high or low: the features that push it most, per customer.

A contribution is what a feature's value adds to the model's output, in log-odds: above 0 it makes
the answer more likely, below 0 less. All of a customer's contributions and a constant add up to
that output, as it is before calibration.

- exact: SHAP values, the mean over all orders in which features could have become known
  (Lundberg et al. 2020, "From local explanations to global understanding with explainable AI for
  trees"). XGBoost's `pred_contribs`.
- approximate: each split is credited with what it changed, on the one path that the customer takes
  (Saabas 2014, "Interpreting random forests"). XGBoost's `approx_contribs`: several times as fast.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.errors import UserError
from regulars.training.categories import Categories
from regulars.training.objectives import Fitted

METHODS = ("approximate", "exact", "none")
MOST_REASONS = 5
DECIMALS = 4
UNSEEN = "(new)"
# of XGBoost's copies of the rows there is only so much at once
ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Reasons:
    """The strongest features of each row, the strongest first; equally strong ones in their order.

    Attributes:
        places: int64, rows × reasons: which feature, as its place among all.
        values: float32, rows × reasons: its value; NaN where missing.
        contributions: float32, rows × reasons: log-odds; 0 where there is no such reason.
    """

    places: np.ndarray
    values: np.ndarray
    contributions: np.ndarray


def check_method(method: str) -> None:
    """Refuses what is no way to find reasons.

    Raises:
        UserError: naming the ways that there are.
    """
    if method not in METHODS:
        raise UserError(f"The var reasons is {method!r}: write {', '.join(METHODS)}.")


def strongest(added: np.ndarray, values: np.ndarray, count: int = MOST_REASONS) -> Reasons:
    """The features that push most, whichever way.

    Args:
        added: float32, rows × features: contributions.
        values: float32, rows × features.
    """
    rows = np.arange(len(added))
    left = np.abs(added)
    places = np.empty((len(added), min(count, added.shape[1])), np.int64)
    for rank in range(places.shape[1]):
        # argmax takes the first of equals; a few passes cost less than sorting
        places[:, rank] = left.argmax(axis=1)
        left[rows, places[:, rank]] = -1
    return Reasons(
        places,
        np.take_along_axis(values, places, axis=1),
        np.take_along_axis(added, places, axis=1),
    )


def as_json(
    reasons: Reasons,
    features: Sequence[str],
    words: Mapping[str, str],
    categories: Categories = MappingProxyType({}),
) -> pa.Array:
    """Reasons as text, written for all rows at once.

    Args:
        features: the names that `places` count through.
        categories: what the values of those that are text mean.
        words: what features mean; one that isn't there goes by its name.

    Returns:
        One string per row, a JSON list of objects, the strongest first: feature, words, value (text
        for a category, UNSEEN for a new one; null where missing), contribution, direction (up: more
        likely; down). Contributions that are 0 at DECIMALS aren't listed.
    """
    named = pa.array(
        f'"feature": {_quoted(name)}, "words": {_quoted(_words(name, words))}, "value": '
        for name in features
    )
    directions = pa.array([', "direction": "down"}', ', "direction": "up"}'])
    items = []
    for rank in range(reasons.places.shape[1]):
        added = np.round(reasons.contributions[:, rank], DECIMALS)
        values = _numbers(reasons.values[:, rank])
        for name, known in categories.items():
            of_text = pa.array(reasons.places[:, rank] == features.index(name))
            values = pc.if_else(of_text, _texts(reasons.values[:, rank], known), values)
        item = pc.binary_join_element_wise(
            ", {" if rank else "{",
            named.take(pa.array(reasons.places[:, rank])),
            values,
            ', "contribution": ',
            _numbers(added),
            directions.take(pa.array((added > 0).astype(np.int8))),
            "",
        )
        # those that are 0 come last: what is left out leaves no gap
        items.append(pc.if_else(pa.array(added != 0), item, ""))
    return pc.binary_join_element_wise("[", *items, "]", "")


def reasons_of(
    model: Fitted,
    values: np.ndarray,
    features: Sequence[str],
    words: Mapping[str, str],
    method: str,
    categories: Categories = MappingProxyType({}),
) -> pa.Array:
    """The reasons of each row as JSON text; null where none are asked for.

    Args:
        values: float32, rows × features, in the order of `features` and of the training.
        method: one of METHODS.
        categories: as for `as_json`.
    """
    if method == "none":
        return pa.nulls(len(values), pa.string())
    told = []
    for start in range(0, len(values), ROWS_AT_ONCE):
        part = values[start : start + ROWS_AT_ONCE]
        found = strongest(model.contributions(part, method), part)
        told.append(as_json(found, features, words, categories))
    return pa.concat_arrays(told) if told else pa.nulls(0, pa.string())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _words(feature: str, words: Mapping[str, str]) -> str:
    return words.get(feature) or feature.replace("_", " ")


def _texts(codes: np.ndarray, known: Sequence[str]) -> pa.Array:
    """Categories by name; one that came later as UNSEEN."""
    names = pa.array([*map(_quoted, known), _quoted(UNSEEN)])
    # elsewhere are numbers of other features: what is no category's number becomes null
    is_code = (codes >= 0) & (codes <= len(known))
    places = pa.array(np.where(is_code, codes, 0).astype(np.int64), mask=~is_code)
    return pc.fill_null(names.take(places), "null")


def _numbers(numbers: np.ndarray) -> pa.Array:
    """As JSON writes them: the fewest digits that tell a float32 from its neighbours, or null."""
    finite = pa.array(numbers + np.float32(0), mask=~np.isfinite(numbers))  # -0 becomes 0
    return pc.fill_null(pc.cast(finite, pa.string()), "null")
