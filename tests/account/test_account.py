"""A whole build in a Snowflake account gives what DuckDB gives. Skipped where no account is named.

The database is the test's own: raw tables and all schemas of the project are made in it.
"""

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.worlds import RUN_COLUMNS, World, few_trees

pytestmark = pytest.mark.account

NEEDED = (
    *("SNOWFLAKE_ACCOUNT", "SNOWFLAKE_USER", "SNOWFLAKE_PRIVATE_KEY_PATH", "SNOWFLAKE_ROLE"),
    *("SNOWFLAKE_DATABASE", "SNOWFLAKE_WAREHOUSE"),
)
MISSING = [name for name in NEEDED if not os.environ.get(name)]
TOLERANCE = 1e-6


@pytest.fixture(scope="module")
def session() -> Any:
    """A Snowpark session on the account."""
    if MISSING:
        pytest.skip(f"NOT VERIFIED ON SNOWFLAKE: {', '.join(MISSING)} not set")
    from snowflake.snowpark import Session

    names = {name.removeprefix("SNOWFLAKE_").lower(): os.environ[name] for name in NEEDED}
    key = {"private_key_file": names.pop("private_key_path")}
    with Session.builder.configs(names | key).create() as session:
        yield session


@pytest.fixture(scope="module")
def world(session: Any, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A small world, built on DuckDB and in the account."""
    world = World(tmp_path_factory.mktemp("built"), "demo")
    world.regulars("demo", "--customers", "300", "--years", "2")
    load_raw_tables(session, world.warehouse)
    there = World(world.home, "snowflake", world.project)
    for each in (world, there):
        each.dbt("build", "--vars", json.dumps(few_trees()))
    return world


def load_raw_tables(session: Any, warehouse: Path) -> None:
    """Brings a file's raw tables into the account."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name like 'raw%'"
        ).fetchall()
        for schema, table in tables:
            session.sql(f"create schema if not exists {schema}").collect()
            session.write_arrow(
                con.sql(f"from {schema}.{table}").to_arrow_table(),
                table.upper(),
                schema=schema.upper(),
                auto_create_table=True,
                overwrite=True,
                quote_identifiers=False,
                use_logical_type=True,
            )


def figures(rows: pa.Table) -> list[tuple[Any, ...]]:
    """A table's rows in their order, without what tells of the run; floats rounded."""
    kept = [name for name in rows.column_names if name not in RUN_COLUMNS]
    ordered = rows.select(kept).sort_by([(name, "ascending") for name in kept])
    return [tuple(map(rounded, row.values())) for row in ordered.to_pylist()]


def rounded(value: Any) -> Any:
    return round(value / TOLERANCE) if isinstance(value, float) else value


@pytest.mark.parametrize(
    "table", ["customers", "customer_timeline", "customer_scores", "customer_score_reasons"]
)
def test_bi_reads_what_duckdb_publishes(session: Any, world: World, table: str) -> None:
    from regulars.engines.snowflake import SnowflakeEngine

    there = SnowflakeEngine(session).read(session.table(f"published.{table}"))
    with duckdb.connect(str(world.published), read_only=True) as con:
        here = con.sql(f"from {table}").to_arrow_table()
    assert figures(there) == figures(here)
