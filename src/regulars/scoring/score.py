"""Scores customers in batches, so that memory doesn't grow with their number."""

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from regulars.engines import Engine
from regulars.errors import UserError
from regulars.scoring.reasons import check_method, reasons_of
from regulars.training import booster as boosting
from regulars.training.calibration import Calibration
from regulars.training.matrix import as_floats, column, to_values
from regulars.training.seasons import RECENCY

SCORE_SCHEMA = pa.schema(
    {
        "customer_id": pa.string(),
        "as_of_date": pa.date32(),
        "score": pa.float64(),
        "model_id": pa.string(),
        "reasons": pa.string(),
    }
)


def score_current(
    engine: Engine,
    prediction_name: str,
    champions: Any,
    training_view: Any,
    feature_words: Any = None,
    reasons: str = "none",
) -> pa.RecordBatchReader:
    """Scores the rows of the current snapshot with a prediction's champion, and says why.

    Args:
        champions: the relation `champions`.
        training_view: the relation `training_<prediction>`.
        feature_words: the relation `score_reason_words`; without it features go by their names.
        reasons: the var of this name: approximate, exact or none.

    Returns:
        A reader of SCORE_SCHEMA; without rows when the prediction has no champion.

    Raises:
        UserError: when the view lacks a feature that the champion needs, or `reasons` is unknown.
    """
    check_method(reasons)
    told = engine.read(feature_words).to_pylist() if feature_words is not None else []
    words = {row["feature"]: row["words"] for row in told}
    found = engine.read(champions, where=f"prediction = '{prediction_name}'").to_pylist()
    batches = _score(engine, found[0], training_view, words, reasons) if found else iter(())
    return pa.RecordBatchReader.from_batches(SCORE_SCHEMA, batches)


def _score(
    engine: Engine,
    champion: dict[str, Any],
    training_view: Any,
    words: dict[str, str],
    reasons: str,
) -> Iterator[pa.RecordBatch]:
    features = tuple(json.loads(champion["features"]))
    missing = sorted(set(features) - set(engine.columns(training_view)))
    if missing:
        raise UserError(
            f"The champion of {champion['prediction']} needs the feature {missing[0]}, which is"
            " gone: run again with --vars 'retrain: true'."
        )
    booster = boosting.from_bytes(champion["booster"], champion["booster_sha256"])
    calibration = Calibration.from_json(champion.get("calibration"))
    for batch in engine.stream(
        training_view,
        columns=["customer_id", "as_of_date", *as_floats(features)],
        where="is_current",
    ):
        values = to_values(batch, features)
        recency = column(values, features, RECENCY)
        # today is one day
        day = batch.column("as_of_date")[0].as_py()
        scores = calibration.apply(boosting.predict(booster, values), recency, day)
        yield pa.RecordBatch.from_arrays(
            [
                batch.column("customer_id").cast(pa.string()),
                batch.column("as_of_date").cast(pa.date32()),
                pa.array(scores),
                pa.array([champion["model_id"]] * batch.num_rows, pa.string()),
                reasons_of(booster, values, features, words, reasons),
            ],
            schema=SCORE_SCHEMA,
        )
