"""Scores customers in batches, so that memory doesn't grow with their number."""

import json
from base64 import b64decode, b64encode
from collections.abc import Collection, Sequence
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
from regulars.training.matrix import column, text_features, to_values
from regulars.training.objectives import Fitted, Scores, objective_of
from regulars.training.registry import BOOSTERS, whole
from regulars.training.rules import FEATURES as RULES_FEATURES
from regulars.training.rules import Rules
from regulars.training.seasons import RECENCY

KEYS = pa.schema({"customer_id": pa.string(), "as_of_date": pa.date32()})
SAID = pa.schema(
    {
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
SCORE_SCHEMA = pa.schema([*KEYS, *SAID])
# what a row of `champions` says of how to score
CHAMPION_COLUMNS = (
    *("model_id", "features", "categories", "calibration", "shape", "rules", "objective"),
    *("horizon_days", "booster_sha256", *BOOSTERS),
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
        """Reads a row of the relation `champions`, with its boosters."""
        rules = Rules.from_json(row["rules"]) if row.get("rules") else None
        model = None
        if row["booster_sha256"] is not None:
            raw = [row.get(name) for name in BOOSTERS]
            boosters = boosting.from_bytes([one for one in raw if one], row["booster_sha256"])
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
    boosters: Any,
    training_view: Any,
    feature_words: Any = None,
    reasons: str = "none",
) -> Any:
    """Scores the rows of the current snapshot with a prediction's champion, and says why.

    Args:
        champions: the relation `champions`.
        boosters: the relation `model_boosters`.
        training_view: the relation `training_<prediction>`.
        feature_words: the relation `score_reason_words`; without it features go by their names.
        reasons: the var of this name: approximate, exact or none.

    Returns:
        What a Python model returns on the engine, with the columns of SCORE_SCHEMA; without rows
        when the prediction has no champion. Where the champion is the rules baseline, score is
        rules_score.

    Raises:
        UserError: when the view lacks a feature that the champion needs, or has numbers for its
            text or text for its numbers; or when `reasons` is unknown.
    """
    check_method(reasons)
    told = engine.read(feature_words).to_pylist() if feature_words is not None else []
    words = {row["feature"]: row["words"] for row in told}
    row = champion_row(engine, prediction_name, champions, boosters)
    if row is None:
        return engine.to_relation(SCORE_SCHEMA.empty_table())
    there = set(engine.columns(training_view))
    asked_by_rules = tuple(name for name in RULES_FEATURES if name in there)
    scorer = Scorer(row, asked_by_rules, words, reasons)
    texts = text_features(engine, training_view)
    _check_features(scorer.champion, prediction_name, there, texts)
    return engine.apply(training_view, KEYS, scorer, where="is_current")


def champion_row(
    engine: Engine, prediction_name: str, champions: Any, boosters: Any
) -> dict[str, Any] | None:
    """A prediction's row of the relation `champions`, with its boosters; None without a champion.

    Args:
        champions: the relation `champions`.
        boosters: the relation `model_boosters`.
    """
    found = engine.read(champions, where=f"prediction = '{prediction_name}'").to_pylist()
    if not found:
        return None
    parts = engine.read(
        boosters,
        columns=["part_number", *BOOSTERS],
        where=f"model_id = '{found[0]['model_id']}'",
    )
    return {**found[0], **whole(parts)}


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


class Scorer:
    """What a champion says of customers, each by itself; a BatchFunction.

    Args:
        row: the champion's, of the relation `champions`, with its boosters.
        asked_by_rules: the features that the rules look at, as far as there are such.
        words: feature → how people call it.
        reasons: approximate, exact or none.
    """

    schema = SAID

    def __init__(
        self,
        row: dict[str, Any],
        asked_by_rules: Sequence[str],
        words: dict[str, str],
        reasons: str,
    ) -> None:
        self._row, self._asked_by_rules = row, tuple(asked_by_rules)
        self._words, self._reasons = words, reasons
        self.champion = champion = Champion.from_row(row)
        looked_at = dict.fromkeys((*champion.features, *asked_by_rules))
        types = {n: pa.string() if n in champion.categories else pa.float32() for n in looked_at}
        self.inputs = pa.schema({"as_of_date": pa.date32(), **types})

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Scores a batch with the columns of `inputs`."""
        champion = self.champion
        ruled = to_values(batch, self._asked_by_rules)
        by_rules = champion.rules.score(ruled, self._asked_by_rules) if champion.rules else None
        told = pa.nulls(batch.num_rows, pa.string())
        unseen = np.zeros(batch.num_rows, np.int32)
        if champion.model:
            # today is one day
            day = batch.column("as_of_date")[0].as_py()
            recency = column(ruled, self._asked_by_rules, RECENCY)
            values = to_values(batch, champion.features, champion.categories)
            unseen = unseen_count(values, champion.features, champion.categories)
            raw = champion.model.probability(values)
            scores = champion.model.scores(values, champion.calibration.apply(raw, recency, day))
            told = reasons_of(
                champion.model,
                values,
                champion.features,
                self._words,
                self._reasons,
                champion.categories,
            )
        else:
            scores = Scores(np.full(batch.num_rows, np.nan) if by_rules is None else by_rules)
        numbers = (scores.score, scores.lower, scores.upper, scores.median_days, by_rules)
        return pa.RecordBatch.from_arrays(
            [
                *(
                    pa.nulls(batch.num_rows, pa.float64()) if some is None else pa.array(some)
                    for some in numbers
                ),
                pa.array([champion.model_id] * batch.num_rows, pa.string()),
                pa.array(unseen),
                told,
            ],
            schema=SAID,
        )

    def to_bytes(self) -> bytes:
        """The champion and how it is told, as JSON."""
        kept = {name: self._row[name] for name in CHAMPION_COLUMNS if name in self._row}
        content = {
            "row": {name: _as_text(value) for name, value in kept.items()},
            "asked_by_rules": self._asked_by_rules,
            "words": self._words,
            "reasons": self._reasons,
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Scorer":
        """What `to_bytes` made."""
        held = json.loads(content)
        for name in BOOSTERS:
            if text := held["row"].get(name):
                held["row"][name] = b64decode(text)
        return cls(**held)


def _as_text(value: Any) -> Any:
    return b64encode(value).decode() if isinstance(value, bytes) else value
