"""The SQL of features as dbt compiles it for DuckDB, on empty tables of the timeline."""

import re

import duckdb
import pytest

from tests.structure.project import nodes_of, run_dbt

# in the order in which they read one another
MODELS = ["timeline_customer_days", "feature_purchases", "feature_products", "feature_rhythm"]
MODELS += ["feature_weeks", "feature_sequence", "feature_sequences"]
AMOUNTS = (
    "units_count decimal(18, 4), revenue_amount decimal(18, 4), discount_amount decimal(18, 4)"
)
MOMENTS = "event_date date, known_date date"
TABLES = {
    "timeline_snapshots": "as_of_date date, is_current boolean, first_event_date date",
    "timeline_orders": (
        f"customer_id varchar, source_name varchar, order_id varchar, {MOMENTS},"
        f" lines_count bigint, {AMOUNTS}"
    ),
    "timeline_items": f"customer_id varchar, source_name varchar, item_id varchar, {MOMENTS}",
    "timeline_days": (
        f"customer_id varchar, event_type varchar, {MOMENTS}, events_count integer,"
        " units_count decimal(18, 4), event_amount decimal(18, 4), discount_amount decimal(18, 4),"
        " events_print decimal(38, 4)"
    ),
    "event_types": "event_type varchar, is_engagement boolean",
}


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The SQL of the feature models, by name; no warehouse is read."""
    names = ["customer_features", *MODELS]
    manifest = run_dbt(
        ["compile", "--no-introspect", "--no-populate-cache", "--select", *names],
        target="demo",
        folder=tmp_path_factory.mktemp("features"),
    )
    models = {node["name"]: node for node in nodes_of(manifest, "model")}
    return {name: models[name]["compiled_code"] for name in names}


@pytest.fixture(scope="module")
def warehouse(compiled: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """Empty tables of the timeline in memory; each feature model is a view on them."""
    connection = duckdb.connect()
    for table, columns in TABLES.items():
        connection.execute(f"create table {table} ({columns})")
    for model in MODELS:
        sql = re.sub(r'"\w+"\."\w+"\.("\w+")', r"\1", compiled[model])
        connection.execute(f"create view {model} as {sql}")
    return connection
