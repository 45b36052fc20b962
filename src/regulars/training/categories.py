"""Features that are text: each value a category, which XGBoost knows by its number.

What a model has learnt of a category hangs on these numbers, so the registry keeps the list beside
the booster. A category that came later gets the next number: no tree has asked for it by name, so
it goes where all those go that a split doesn't name. Null stays missing, which is something else.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.errors import UserError

# by feature, in the order of their numbers
Categories = Mapping[str, Sequence[str]]

TEXT = re.compile(r"(VARCHAR|CHAR|TEXT|STRING)(\(\d+\))?", re.IGNORECASE)
# more are rather names or notes, and each would be kept in the registry
MOST_CATEGORIES = 1000


def known_categories(name: str, values: pa.ChunkedArray) -> tuple[str, ...]:
    """The categories of a feature: its different values in their order.

    Raises:
        UserError: when there are so many that the text is no category.
    """
    found = tuple(sorted(pc.unique(values).drop_null().to_pylist()))
    if len(found) > MOST_CATEGORIES:
        raise UserError(
            f"The feature {name} has {len(found):,} different values, a category has at most"
            f" {MOST_CATEGORIES:,}: group them in its SQL, or leave it out."
        )
    return found


def codes(values: pa.Array, known: Sequence[str]) -> np.ndarray:
    """Each value's number; `len(known)` for one that isn't among them, NaN where null."""
    places = pc.index_in(values, value_set=pa.array(known, pa.string()))
    places = pc.if_else(pc.is_valid(values), pc.fill_null(places, len(known)), None)
    return np.asarray(places.cast(pa.float32()).to_numpy(zero_copy_only=False))


def unseen_count(values: np.ndarray, features: Sequence[str], categories: Categories) -> np.ndarray:
    """How many of each row's features hold a category that isn't known; int32, one per row."""
    count = np.zeros(len(values), np.int32)
    for name, known in categories.items():
        count += values[:, features.index(name)] == len(known)
    return count


def feature_types(features: Sequence[str], categories: Categories) -> dict[str, Any]:
    """What XGBoost's matrices are told of the columns; nothing where all are numbers."""
    if not any(name in categories for name in features):
        return {}
    types = ["c" if name in categories else "q" for name in features]
    return {"feature_types": types, "enable_categorical": True}
