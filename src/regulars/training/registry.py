"""What the registry keeps of a training, and what names a model."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from regulars.training.matrix import Matrix

REGISTRY_SCHEMA = pa.schema(
    {
        "model_id": pa.string(),
        "prediction": pa.string(),
        "status": pa.string(),
        "status_reason": pa.string(),
        "as_of_date": pa.date32(),
        "objective": pa.string(),
        "horizon_days": pa.int32(),
        "first_snapshot_date": pa.date32(),
        "last_snapshot_date": pa.date32(),
        "holdout_date": pa.date32(),
        "rows_count": pa.int64(),
        "positives_count": pa.int64(),
        "metrics": pa.string(),
        "features": pa.string(),
        "categories": pa.string(),
        "left_out_features": pa.string(),
        "parameters": pa.string(),
        "settings": pa.string(),
        "question": pa.string(),
        "code_version": pa.string(),
        "calibration": pa.string(),
        "shape": pa.string(),
        "rules": pa.string(),
        "booster_sha256": pa.string(),
        "part_number": pa.int32(),
        "booster": pa.binary(),
        "amount_booster": pa.binary(),
    }
)
BOOSTERS = ("booster", "amount_booster")
# of one value: some warehouses hold 8 MB (docs.snowflake.com/en/sql-reference/data-types-text)
PART_BYTES = 4_000_000


def in_parts(row: Mapping[str, Any], size: int = PART_BYTES) -> pa.Table:
    """A training as rows of REGISTRY_SCHEMA: one for each part of its boosters, at least one.

    Args:
        row: the training, its boosters whole.
        size: the most bytes of a value.
    """
    boosters = {name: row.get(name) or b"" for name in BOOSTERS}
    longest = max(map(len, boosters.values()))
    rows = [
        {
            **row,
            "part_number": number,
            **{name: raw[begin : begin + size] or None for name, raw in boosters.items()},
        }
        for number, begin in enumerate(range(0, max(longest, 1), size), start=1)
    ]
    return pa.Table.from_pylist(rows, schema=REGISTRY_SCHEMA)


def whole(parts: pa.Table) -> dict[str, bytes | None]:
    """The boosters of one model, put together again.

    Args:
        parts: (part_number, booster, amount_booster) of the model, any order.
    """
    ordered = parts.sort_by("part_number")
    return {
        name: b"".join(part for part in ordered[name].to_pylist() if part) or None
        for name in BOOSTERS
    }


def content_id(*parts: Any) -> str:
    """A stable id of anything that JSON can hold: the same parts, the same 32 hex digits."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def matrix_id(matrix: Matrix) -> str:
    """A stable id of what was learnt from: days, labels, values and weights in their order."""
    digest = hashlib.sha256()
    more = [part for part in (matrix.censored, matrix.weights) if part is not None]
    for part in (matrix.dates, matrix.labels, matrix.values, *more):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()
