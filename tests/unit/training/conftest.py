"""A small made-up training view, and the plan that says it is due."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from regulars.engines.duckdb import DuckDBEngine
from regulars.training.settings import Prediction

Relation = duckdb.DuckDBPyRelation

# 300 customers on 4 days, 30 days apart: who bought often and for much buys again, most of the time
VIEW = """
    select
        'customer ' || customer as customer_id,
        date '2024-01-01' + (30 * snapshot)::integer as as_of_date,
        (hash(customer * 4 + snapshot) % 10)::integer as purchases_count,
        ((hash(customer * 4 + snapshot + 7777) % 1000) / 10)::decimal(18, 4) as revenue_amount,
        false as is_current,
        case
            when hash(customer * 4 + snapshot + 9999) % 10 = 0
                then 1 - (10 * purchases_count + revenue_amount > 95)::integer
            else (10 * purchases_count + revenue_amount > 95)::integer
        end as label
    from range(300) as customers(customer), range(4) as snapshots(snapshot)
"""


@pytest.fixture
def engine() -> DuckDBEngine:
    return DuckDBEngine(duckdb.connect())


@pytest.fixture
def view(engine: DuckDBEngine) -> Relation:
    """The training view: 1,200 rows with a closed window."""
    return engine.session.sql(VIEW)


@pytest.fixture
def prediction() -> Prediction:
    return Prediction("purchase", 30, {"rounds": 10, "max_depth": 2, "nthread": 1})


@pytest.fixture
def plan(engine: DuckDBEngine) -> Callable[..., Relation]:
    """One row of `training_plan`; what is given replaces what a first training has."""
    import pyarrow as pa

    def plan(**changed: Any) -> Relation:
        row = {
            "prediction": "purchase",
            "is_due": True,
            "settings": "{}",
            "question": "{}",
            "as_of_date": "2024-05-15",
            "champion_model_id": None,
            "champion_features": None,
            "champion_parameters": None,
            "champion_metrics": None,
        } | changed
        types = {"is_due": pa.bool_()}
        schema = pa.schema({name: types.get(name, pa.string()) for name in row})
        table = pa.Table.from_pylist([row], schema=schema)
        relation = engine.session.from_arrow(table)
        return relation.project("* replace (cast(as_of_date as date) as as_of_date)")

    return plan
