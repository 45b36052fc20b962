"""Old scores against what came: by day, segment, and who scored."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.engines import Engine
from regulars.monitoring.intervals import (
    RANKED,
    Interval,
    amount_intervals,
    probability_intervals,
)
from regulars.training.metrics import measure, measure_amounts

# figures that have an interval stand with their lower and upper end
WITH_INTERVAL = (*RANKED, "mean_absolute_error", "bias_share")

PERFORMANCE_SCHEMA = pa.schema(
    {
        "prediction": pa.string(),
        "score_date": pa.date32(),
        "horizon_days": pa.int32(),
        "model_id": pa.string(),
        "segment_kind": pa.string(),
        "segment": pa.string(),
        "scored_by": pa.string(),
        "customers_count": pa.int64(),
        "positives_count": pa.int64(),
        "mean_score": pa.float64(),
        "mean_outcome": pa.float64(),
        "lift_10": pa.float64(),
        "root_mean_squared_error": pa.float64(),
        "coverage_share": pa.float64(),
        "at_or_below_upper_share": pa.float64(),
        **{
            f"{name}{end}": pa.float64()
            for name in WITH_INTERVAL
            for end in ("", "_lower", "_upper")
        },
    }
)

Figures = dict[str, Any]
Columns = dict[str, np.ndarray]

# the largest tenth by past purchases, and all others
POWER_USERS, LONG_TAIL = "power_users", "long_tail"


def judge_outcomes(engine: Engine, outcomes: Any, predictions: Mapping[str, Any]) -> pa.Table:
    """Judges every day of the relation `score_outcomes`, one after the other.

    Args:
        predictions: the var of this name: the objective `amount` is judged as an amount, all else
            as a probability.

    Returns:
        Rows of PERFORMANCE_SCHEMA; figures that can't be told (labels of one class) are null. A day
        of which nothing is known has one row without customers: it is done with, too.
    """
    days = engine.read(
        outcomes,
        columns=["prediction", "score_date", "horizon_days", "model_id"],
        where="purchases_rank = 1",
        order_by=["prediction", "score_date"],
    ).to_pylist()
    rows = [
        day | figures
        for day in days
        for figures in _judge_day(
            _read_day(engine, outcomes, day), _is_amount(predictions[day["prediction"]])
        )
    ]
    return pa.Table.from_pylist(rows, schema=PERFORMANCE_SCHEMA)


def _is_amount(prediction: Mapping[str, Any]) -> bool:
    return prediction.get("objective") == "amount"


def _read_day(engine: Engine, outcomes: Any, day: Mapping[str, Any]) -> Columns:
    numbers = ["outcome", "score", "score_lower", "score_upper", "rules_score", "purchases_rank"]
    table = engine.read(
        outcomes,
        columns=["rfm_segment", *(f"cast({name} as double) as {name}" for name in numbers)],
        where=f"prediction = '{day['prediction']}' and score_date = date '{day['score_date']}'",
        order_by=["customer_id"],
    )
    # who has no outcome, as who was never reached on a channel, can't be judged
    table = table.filter(pc.field("outcome").is_valid())
    segment = table.column("rfm_segment").combine_chunks().dictionary_encode()
    return {
        **{name: table.column(name).to_numpy().astype(float) for name in numbers},
        "segment_code": segment.indices.to_numpy(),
        "segment_name": np.array(segment.dictionary.to_pylist(), dtype=object),
    }


def _judge_day(columns: Columns, is_amount: bool) -> Iterator[Figures]:
    for kind, segment, is_in in _segments(columns):
        for scored_by, name in (("model", "score"), ("rules", "rules_score")):
            kept = is_in & np.isfinite(columns[name])
            if not kept.any() and (kind, scored_by) != ("all", "model"):
                continue
            outcomes, scores = columns["outcome"][kept], columns[name][kept]
            figures = {
                "segment_kind": kind,
                "segment": segment,
                "scored_by": scored_by,
                "customers_count": len(scores),
                "positives_count": int((outcomes > 0).sum()),
            }
            if not kept.any():
                yield figures
                continue
            figures |= {"mean_score": float(scores.mean()), "mean_outcome": float(outcomes.mean())}
            if is_amount:
                ends = [columns[f"score_{end}"][kept] for end in ("lower", "upper")]
                # rules say one number
                ends = ends if scored_by == "model" else [np.full(len(scores), np.nan)] * 2
                figures |= amount_figures(outcomes, scores, *ends)
            else:
                figures |= probability_figures(outcomes, scores)
            yield figures


def _segments(columns: Columns) -> Iterator[tuple[str, str, np.ndarray]]:
    rows = len(columns["outcome"])
    yield "all", "all", np.ones(rows, bool)
    names = columns["segment_name"]
    for code in np.argsort(names.astype(str), kind="stable"):
        yield "rfm_segment", str(names[code]), columns["segment_code"] == code
    is_power_user = np.zeros(rows, bool)
    is_power_user[np.argsort(columns["purchases_rank"])[: -(-rows // 10)]] = True
    yield "purchases", POWER_USERS, is_power_user
    yield "purchases", LONG_TAIL, ~is_power_user


def probability_figures(labels: np.ndarray, scores: np.ndarray) -> Figures:
    """Figures on probabilities, with intervals; none where all labels are the same.

    Args:
        labels: 0 or 1.
        scores: probabilities, one per label.

    Returns:
        auc, average_precision, calibration_error (training.metrics says what they are), hit_rate
        (positives among the tenth that scored highest), each with _lower and _upper; lift_10.
    """
    if len(np.unique(labels)) < 2:
        return {}
    measured = measure(labels, scores)
    points = {name: measured[name] for name in RANKED if name in measured}
    points["hit_rate"] = measured["lift_10"] * measured["base_rate"]
    intervals = probability_intervals(labels, scores, points)
    return {"lift_10": measured["lift_10"], **_with_ends(points, intervals)}


def amount_figures(
    outcomes: np.ndarray, scores: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> Figures:
    """Figures on amounts, with intervals of three of them.

    Args:
        outcomes: what came, not below 0.
        scores: what was expected.
        lower, upper: the ends of the interval that was told, not a number where none was.

    Returns:
        mean_absolute_error and bias_share (the sum of scores over the sum of outcomes, minus 1)
        with _lower and _upper, root_mean_squared_error; coverage_share (outcomes within their
        interval) and at_or_below_upper_share where one was told; where some spent and some didn't
        auc with its ends (who spends anything at all), lift_10 and calibration_error (as a share
        of the mean outcome), as training.metrics says.
    """
    errors = scores - outcomes
    total = float(outcomes.sum())
    points = {
        "mean_absolute_error": float(np.abs(errors).mean()),
        "bias_share": float(errors.sum()) / total if total else None,
    }
    figures: Figures = _with_ends(points, amount_intervals(outcomes, errors, points))
    figures["root_mean_squared_error"] = float(np.sqrt((errors**2).mean()))
    told = np.isfinite(lower) & np.isfinite(upper)
    if told.any():
        is_below = (outcomes <= upper)[told]
        figures["at_or_below_upper_share"] = float(is_below.mean())
        figures["coverage_share"] = float((is_below & (outcomes >= lower)[told]).mean())
    has_spent = (outcomes > 0).astype(float)
    if len(np.unique(has_spent)) == 2:
        measured = measure_amounts(outcomes, scores)
        figures |= {name: measured[name] for name in ("lift_10", "calibration_error")}
        ranked = {"auc": measured["auc"]}
        intervals = probability_intervals(has_spent, scores, ranked)
        figures |= _with_ends(ranked, {"auc": intervals["auc"]})
    return figures


def _with_ends(
    points: Mapping[str, float | None], intervals: Mapping[str, Interval]
) -> dict[str, float | None]:
    found = dict(points)
    for name, (lower, upper) in intervals.items():
        found |= {f"{name}_lower": lower, f"{name}_upper": upper}
    return found
