"""What the registry keeps of a training, and what names a model."""

import hashlib
import json
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
        "booster": pa.binary(),
        "amount_booster": pa.binary(),
        "booster_sha256": pa.string(),
    }
)


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
