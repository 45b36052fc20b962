"""The SQL of features as dbt compiles it for DuckDB, on empty tables of the timeline."""

import re

import duckdb
import pytest

from tests.structure.project import nodes_of, run_dbt

MODELS = ["purchases", "products", "rhythm", "weeks", "sequence", "sequences"]
AMOUNTS = "units_count decimal(38, 4), revenue_amount decimal(38, 4), discount_amount decimal(38, 4)"
MOMENTS = "event_date date, known_date date"
TABLES = {
    "timeline_snapshots": "as_of_date date, is_current boolean, first_event_date date",
    "timeline_orders": (
        f"customer_id varchar, source_name varchar, order_id varchar, {MOMENTS}, lines_count bigint,"
        f" {AMOUNTS}"
    ),
    "timeline_items": f"customer_id varchar, source_name varchar, item_id varchar, {MOMENTS}",
    "timeline_days": f"customer_id varchar, event_type varchar, {MOMENTS}, events_count bigint",
    "event_types": "event_type varchar, is_engagement boolean",
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Empty tables of the timeline in memory; each feature model is a view on them."""
    names = [f"feature_{model}" for model in MODELS]
    manifest = run_dbt(
        ["compile", "--no-introspect", "--no-populate-cache", "--select", *names],
        target="demo",
        folder=tmp_path_factory.mktemp("features"),
    )
    found = {node["name"]: node for node in nodes_of(manifest, "model")}
    connection = duckdb.connect()
    for table, columns in TABLES.items():
        connection.execute(f"create table {table} ({columns})")
    for name in names:
        sql = re.sub(r'"\w+"\."\w+"\.("\w+")', r"\1", found[name]["compiled_code"])
        connection.execute(f"create view {name} as {sql}")
    return connection
