"""Scores of the current snapshot, with the reasons for each."""

import json

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from regulars.engines.duckdb import DuckDBEngine
from regulars.errors import UserError
from regulars.scoring.score import SCORE_SCHEMA, score_current
from regulars.training import booster as boosting
from regulars.training.matrix import Matrix
from tests.unit.scoring.champions import SmallBatches, champion

Relation = duckdb.DuckDBPyRelation

# orders_count alone decides; lucky_number is a feature that a model knows and never uses
VIEW = """
    select
        'customer ' || customer as customer_id,
        date '2024-05-31' as as_of_date,
        (customer % 10)::integer as orders_count,
        7 as lucky_number,
        true as is_current,
        null::integer as label
    from range(300) as customers(customer)
"""


@pytest.fixture
def view(engine: DuckDBEngine) -> Relation:
    return engine.session.sql(VIEW)


@pytest.fixture
def words(engine: DuckDBEngine) -> Relation:
    """The relation `score_reason_words`."""
    return engine.session.sql(
        "select 'orders_count' as feature, 'Orders so far' as words, '' as unit"
    )


@pytest.fixture
def champions(engine: DuckDBEngine) -> Relation:
    """The relation `champions`: who ordered more than five times comes again."""
    orders = np.random.default_rng(1).uniform(0, 10, 400).astype(np.float32)
    values = np.column_stack([np.full(400, 7, np.float32), orders])
    features = ("lucky_number", "orders_count")
    labels = (orders > 5).astype(np.float32)
    rows = Matrix(features, values, labels, np.zeros(400, "datetime64[D]"))
    booster = boosting.fit(rows, {"rounds": 5, "max_depth": 2, "nthread": 1})
    row = champion("purchase", features, booster)
    return engine.session.from_arrow(pa.Table.from_pylist([row]))


@pytest.mark.parametrize("reasons", ["approximate", "exact"])
def test_each_score_says_why(
    engine: DuckDBEngine, view: Relation, words: Relation, champions: Relation, reasons: str
) -> None:
    scored = score_current(
        engine, "purchase", champions, champions, view, words, reasons
    ).read_all()
    assert scored.schema == SCORE_SCHEMA
    assert scored.num_rows == 300
    for row in scored.to_pylist():
        (only,) = json.loads(row["reasons"])
        orders = int(row["customer_id"].removeprefix("customer ")) % 10
        assert only["feature"] == "orders_count", "what never changes is no reason"
        assert only["words"] == "Orders so far"
        assert only["value"] == orders
        assert only["direction"] == ("up" if row["score"] > 0.5 else "down")
        assert (only["contribution"] > 0) == (orders > 5)


def test_batches_give_what_one_go_gives(
    engine: DuckDBEngine, view: Relation, words: Relation, champions: Relation
) -> None:
    small = SmallBatches(engine.session)
    one = score_current(
        engine, "purchase", champions, champions, view, words, "approximate"
    ).read_all()
    many = score_current(
        small, "purchase", champions, champions, view, words, "approximate"
    ).read_all()
    assert many.column("reasons").num_chunks > 5
    assert sorted(many.to_pylist(), key=str) == sorted(one.to_pylist(), key=str)


def test_none_are_told_where_none_are_asked_for(
    engine: DuckDBEngine, view: Relation, words: Relation, champions: Relation
) -> None:
    scored = score_current(engine, "purchase", champions, champions, view, words, "none").read_all()
    assert set(scored["reasons"].to_pylist()) == {None}


def test_reasons_change_no_score(
    engine: DuckDBEngine, view: Relation, words: Relation, champions: Relation
) -> None:
    def scores(reasons: str) -> list[float]:
        scored = score_current(
            engine, "purchase", champions, champions, view, words, reasons
        ).read_all()
        found: list[float] = scored.sort_by("customer_id")["score"].to_pylist()
        return found

    assert scores("none") == scores("approximate") == scores("exact")


def test_an_unknown_way_is_named_before_anybody_is_scored(
    engine: DuckDBEngine, view: Relation, words: Relation, champions: Relation
) -> None:
    with pytest.raises(UserError, match="var reasons is 'shap'"):
        score_current(engine, "purchase", champions, champions, view, words, "shap")
