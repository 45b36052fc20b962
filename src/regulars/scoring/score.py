"""Scores customers in batches, so that memory doesn't grow with their number."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from regulars.engines import Engine
from regulars.errors import UserError
from regulars.scoring.reasons import check_method, reasons_of
from regulars.training import booster as boosting
from regulars.training.calibration import Calibration
from regulars.training.categories import Categories, unseen_count
from regulars.training.matrix import column, selected, text_features, to_values
from regulars.training.objectives import Fitted, Scores, objective_of
from regulars.training.rules import FEATURES as RULES_FEATURES
from regulars.training.rules import Rules
from regulars.training.seasons import RECENCY

SCORE_SCHEMA = pa.schema(
    {
        "customer_id": pa.string(),
        "as_of_date": pa.date32(),
        "score": pa.float64(),
        "score_lower": pa.float64(),
        "score_upper": pa.float64(),
        "median_days": pa.float64(),
        "rules_score": pa.float64(),
        "model_id": pa.string(),
        "unseen_categories_count": pa.int32(),
        "reasons": pa.string(),
    }
)


@dataclass(frozen=True)
class Champion:
    """What a prediction is scored by.

    Attributes:
        features: those of the model, in its order; none without a model.
        categories: what it knows of those that are text.
        model: None where nothing could be learnt: the rules score.
        rules: None of a champion from before there were rules.
    """

    model_id: str
    features: tuple[str, ...]
    categories: Categories
    model: Fitted | None
    calibration: Calibration
    rules: Rules | None

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Champion":
        """Reads a row of the relation `champions`."""
        rules = Rules.from_json(row["rules"]) if row.get("rules") else None
        model = None
        if row["booster"] is not None:
            parts = [row["booster"], row.get("amount_booster")]
            boosters = boosting.from_bytes([part for part in parts if part], row["booster_sha256"])
            objective = objective_of(row.get("objective"), row["horizon_days"])
            model = objective.restore(boosters, json.loads(row.get("shape") or "{}"))
        features = tuple(json.loads(row["features"] or "[]"))
        categories = json.loads(row.get("categories") or "{}")
        calibration = Calibration.from_json(row.get("calibration"))
        return cls(row["model_id"], features, categories, model, calibration, rules)


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
        A reader of SCORE_SCHEMA; without rows when the prediction has no champion. Where the
        champion is the rules baseline, score is rules_score.

    Raises:
        UserError: when the view lacks a feature that the champion needs, or has numbers for its
            text or text for its numbers; or when `reasons` is unknown.
    """
    check_method(reasons)
    told = engine.read(feature_words).to_pylist() if feature_words is not None else []
    words = {row["feature"]: row["words"] for row in told}
    found = engine.read(champions, where=f"prediction = '{prediction_name}'").to_pylist()
    if not found:
        return pa.RecordBatchReader.from_batches(SCORE_SCHEMA, iter(()))
    champion = Champion.from_row(found[0])
    there = set(engine.columns(training_view))
    _check_features(champion, prediction_name, there, text_features(engine, training_view))
    asked_by_rules = tuple(name for name in RULES_FEATURES if name in there)
    batches = _score(engine, champion, training_view, asked_by_rules, words, reasons)
    return pa.RecordBatchReader.from_batches(SCORE_SCHEMA, batches)


def _check_features(
    champion: Champion, prediction: str, there: Collection[str], texts: Collection[str]
) -> None:
    """Refuses a champion whose features are no more what they were when it learnt from them."""
    faults = [f"{name}, which is gone" for name in champion.features if name not in there] + [
        f"{name} as {'text' if name in champion.categories else 'a number'}"
        for name in champion.features
        if name in there and (name in champion.categories) != (name in texts)
    ]
    if faults:
        raise UserError(
            f"The champion of {prediction} needs the feature {faults[0]}: run again with"
            " --vars 'retrain: true', or choose another by regulars champion set."
        )


def _score(
    engine: Engine,
    champion: Champion,
    training_view: Any,
    asked_by_rules: tuple[str, ...],
    words: dict[str, str],
    reasons: str,
) -> Iterator[pa.RecordBatch]:
    features = tuple(dict.fromkeys((*champion.features, *asked_by_rules)))
    for batch in engine.stream(
        training_view,
        columns=["customer_id", "as_of_date", *selected(features, champion.categories)],
        where="is_current",
    ):
        ruled = to_values(batch, asked_by_rules)
        by_rules = champion.rules.score(ruled, asked_by_rules) if champion.rules else None
        told = pa.nulls(batch.num_rows, pa.string())
        unseen = np.zeros(batch.num_rows, np.int32)
        if champion.model:
            # today is one day
            day = batch.column("as_of_date")[0].as_py()
            recency = column(ruled, asked_by_rules, RECENCY)
            values = to_values(batch, champion.features, champion.categories)
            unseen = unseen_count(values, champion.features, champion.categories)
            raw = champion.model.probability(values)
            scores = champion.model.scores(values, champion.calibration.apply(raw, recency, day))
            told = reasons_of(
                champion.model, values, champion.features, words, reasons, champion.categories
            )
        else:
            scores = Scores(np.full(batch.num_rows, np.nan) if by_rules is None else by_rules)
        numbers = (scores.score, scores.lower, scores.upper, scores.median_days, by_rules)
        yield pa.RecordBatch.from_arrays(
            [
                batch.column("customer_id").cast(pa.string()),
                batch.column("as_of_date").cast(pa.date32()),
                *(
                    pa.nulls(batch.num_rows, pa.float64()) if some is None else pa.array(some)
                    for some in numbers
                ),
                pa.array([champion.model_id] * batch.num_rows, pa.string()),
                pa.array(unseen),
                told,
            ],
            schema=SCORE_SCHEMA,
        )
