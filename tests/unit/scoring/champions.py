"""What scoring is tried on: a champion of any booster, and a large table."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import xgboost

from regulars.engines.duckdb import DuckDBEngine
from regulars.training import booster as boosting


class SmallBatches(DuckDBEngine):
    """Streams as a large table would come: in many batches."""

    def stream(self, *arguments: Any, **named: Any) -> Iterator[pa.RecordBatch]:
        for batch in super().stream(*arguments, **named):
            for start in range(0, batch.num_rows, 37):
                yield batch.slice(start, 37)


def champion(prediction: str, features: Sequence[str], booster: xgboost.Booster) -> dict[str, Any]:
    """A row of the relation `champions`, and of `model_boosters` as well."""
    raw = boosting.to_bytes(booster)
    return {
        "prediction": prediction,
        "model_id": "model 1",
        "horizon_days": 30,
        "features": json.dumps(features),
        "part_number": 1,
        "booster": raw,
        "amount_booster": None,
        "booster_sha256": hashlib.sha256(raw).hexdigest(),
    }
