"""The same rows give the same model and the same scores: in any order, on any number of threads."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from regulars.engines.duckdb import DuckDBEngine
from regulars.scoring.score import score_current
from regulars.training.settings import Prediction
from regulars.training.train import train_when_due

Relation = duckdb.DuckDBPyRelation

LABELS = {
    "probability": "label",
    "amount": "label * (revenue_amount + 1) as label",
    "waiting_time": "1 + 20 * (1 - label) + purchases_count as label, label = 0 as is_censored",
}


@pytest.mark.parametrize("objective", LABELS)
def test_order_and_threads_change_nothing(
    engine: DuckDBEngine,
    view: Relation,
    prediction: Prediction,
    plan: Callable[..., Relation],
    objective: str,
) -> None:
    asked = replace(prediction, objective=objective)
    labelled = view.project(f"* exclude (label), {LABELS[objective]}")
    rows = engine.session.from_arrow(labelled.to_arrow_table())
    today = rows.project("* replace (as_of_date = date '2024-03-31' as is_current)")

    def trained(threads: int, order: str) -> tuple[dict[str, Any], dict[str, float]]:
        engine.session.execute(f"set threads = {threads}").fetchall()
        parameters = {**asked.parameters, "rounds": 60, "subsample": 0.7, "nthread": threads}
        once = replace(asked, parameters=parameters)
        (row,) = train_when_due(engine, once, plan(), rows.order(order)).to_pylist()
        assert row["status"] == "promoted", row["status_reason"]
        champions = engine.session.from_arrow(pa.Table.from_pylist([row]))
        scored = score_current(
            engine, "purchase", champions, champions, today.order(order)
        ).read_all()
        scores = dict(
            zip(scored["customer_id"].to_pylist(), scored["score"].to_pylist(), strict=True)
        )
        return {name: value for name, value in row.items() if name != "parameters"}, scores

    first = trained(1, "as_of_date, customer_id")
    assert len(set(first[1].values())) > 20
    assert first == trained(2, "hash(customer_id)")
    assert first == trained(4, "revenue_amount desc, customer_id desc")
