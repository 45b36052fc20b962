"""The feature matrix: features × labels of many customers at several snapshots."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa

from regulars.engines import Engine
from regulars.errors import UserError
from regulars.training.categories import TEXT, Categories, codes, known_categories

KEYS = ("customer_id", "as_of_date")
NOT_FEATURES = (*KEYS, "is_current", "label", "is_censored")
BLOCK_ROWS = 2048
NUMBER = re.compile(
    r"(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL|NUMBER|NUMERIC|DOUBLE|FLOAT|REAL|BOOL(EAN)?)"
    r"(\([\d, ]+\))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Matrix:
    """Rows sorted by (as_of_date, customer_id): XGBoost's trees depend on the order.

    Attributes:
        features: the names of the columns of `values`.
        values: float32, rows × features; NaN where missing, a category's number where it is one.
        labels: float32, one per row.
        dates: datetime64[D], each row's as_of_date.
        censored: whether more than the label came in truth: a wait that isn't over. None where
            labels are what they are.
        weights: float32, how much each row counts, 1 on the mean; None where all count alike.
        categories: of each feature that is text, what its numbers mean.
    """

    features: tuple[str, ...]
    values: np.ndarray
    labels: np.ndarray
    dates: np.ndarray
    censored: np.ndarray | None = None
    weights: np.ndarray | None = None
    categories: Categories = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.labels)

    def where(self, chosen: np.ndarray) -> "Matrix":
        """The rows that a mask chooses."""
        return replace(
            self,
            values=self.values[chosen],
            labels=self.labels[chosen],
            dates=self.dates[chosen],
            censored=None if self.censored is None else self.censored[chosen],
            weights=None if self.weights is None else self.weights[chosen],
        )

    def only(self, names: Sequence[str]) -> "Matrix":
        """All rows, with these features in this order."""
        if tuple(names) == self.features:
            return self  # a copy would double the memory of a training
        places = [self.features.index(name) for name in names]
        categories = {name: self.categories[name] for name in names if name in self.categories}
        values = self.values[:, places]
        return replace(self, features=tuple(names), values=values, categories=categories)

    def labelled(self, labels: np.ndarray, censored: np.ndarray | None = None) -> "Matrix":
        """The same rows, with other labels."""
        return replace(self, labels=labels.astype(np.float32), censored=censored)


def feature_names(engine: Engine, relation: Any) -> tuple[str, ...]:
    """The features of a training view: all its columns but keys, label and flags.

    Raises:
        UserError: naming the columns that are neither numbers nor text.
    """
    columns = {name: str(type_) for name, type_ in engine.columns(relation).items()}
    features = {name: type_ for name, type_ in columns.items() if name not in NOT_FEATURES}
    strange = [
        name
        for name, type_ in features.items()
        if not (NUMBER.fullmatch(type_) or TEXT.fullmatch(type_))
    ]
    if strange:
        raise UserError(f"Features must be numbers or text, these are not: {', '.join(strange)}.")
    return tuple(features)


def text_features(engine: Engine, relation: Any) -> tuple[str, ...]:
    """The features of a training view that are text: categories."""
    return tuple(
        name
        for name, type_ in engine.columns(relation).items()
        if name not in NOT_FEATURES and TEXT.fullmatch(str(type_))
    )


def read_training_matrix(engine: Engine, relation: Any) -> Matrix:
    """All rows of a training view whose label is known.

    Raises:
        UserError: naming what can't be a feature.
    """
    features, texts = feature_names(engine, relation), text_features(engine, relation)
    censoring = ["is_censored"] if "is_censored" in engine.columns(relation) else []
    labels = ["as_of_date", "cast(label as float) as label", *censoring]
    table = engine.read(
        relation,
        columns=[*labels, *selected(features, texts)],
        where="label is not null",
        order_by=["as_of_date", "customer_id"],
    )
    categories = {name: known_categories(name, table[name]) for name in texts}
    return Matrix(
        features=features,
        values=to_values(table, features, categories),
        labels=table["label"].to_numpy(),
        dates=table["as_of_date"].to_numpy().astype("datetime64[D]"),
        censored=table["is_censored"].to_numpy() if censoring else None,
        categories=categories,
    )


def current_values(
    engine: Engine, relation: Any, features: tuple[str, ...], categories: Categories
) -> Iterator[np.ndarray]:
    """The customers of today, in batches of float32, rows × features, in no order."""
    columns = selected(features, categories)
    for batch in engine.stream(relation, columns=columns, where="is_current"):
        yield to_values(batch, features, categories)


def selected(features: Sequence[str], texts: Collection[str] = ()) -> list[str]:
    """The select expressions of features: 32-bit floats, as XGBoost holds them, and text."""
    return [name if name in texts else f"cast({name} as float) as {name}" for name in features]


def to_values(
    table: Any, features: tuple[str, ...], categories: Categories = MappingProxyType({})
) -> np.ndarray:
    """An Arrow table or batch as a float32 array, rows × features, NaN where null.

    Columns become rows a block at a time: a block stays in the processor's cache, all rows don't,
    and each of their lines would be fetched once per feature.
    """
    values = np.empty((table.num_rows, len(features)), dtype=np.float32)
    begin = 0
    for batch in [table] if isinstance(table, pa.RecordBatch) else table.to_batches():
        columns = [
            codes(batch.column(name), categories[name])
            if name in categories
            else batch.column(name).to_numpy(zero_copy_only=False)
            for name in features
        ]
        part = values[begin : begin + batch.num_rows]
        for row in range(0, batch.num_rows, BLOCK_ROWS):
            block = slice(row, row + BLOCK_ROWS)
            for place, known in enumerate(columns):
                part[block, place] = known[block]
        begin += batch.num_rows
    return values


def column(values: np.ndarray, features: tuple[str, ...], name: str) -> np.ndarray:
    """One feature of every row; NaN where there is no such feature."""
    if name not in features:
        return np.full(len(values), np.nan, np.float32)
    return np.asarray(values[:, features.index(name)])
