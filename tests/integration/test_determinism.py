"""The same input rows, in any order, on any number of threads, give the same values everywhere."""

import json
from pathlib import Path

import pytest
import yaml

from tests.worlds import PROJECT, World, few_trees


@pytest.fixture(scope="module")
def raw_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A demo world that nothing has been built of yet."""
    world = World(tmp_path_factory.mktemp("raw"), "demo")
    world.regulars("demo", "--customers", "700", "--years", "2")
    return world


def build(raw_world: World, home: Path, threads: int, shuffle: int) -> dict[str, tuple]:
    """Builds a copy whose raw rows stand in another order; returns a fingerprint per table."""
    world = raw_world.copy(home)
    tables = world.rows(
        "select schema_name, table_name from duckdb_tables() where schema_name like 'raw_%'"
    )
    world.change(
        *(
            f"create or replace table {schema}.{table} as"
            f" select * from {schema}.{table} order by hash(rowid + {shuffle})"
            for schema, table in tables
        )
    )
    profiles = yaml.safe_load((PROJECT / "profiles.yml").read_text())
    output = profiles["regulars"]["outputs"]["demo"]
    output["threads"] = threads
    output["settings"]["threads"] = threads
    (home / "profiles.yml").write_text(yaml.safe_dump(profiles))
    world.dbt("build", "--vars", json.dumps(few_trees()), profiles=home)
    return world.fingerprints()


def test_row_order_and_threads_change_no_value(
    raw_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")  # other tests use the cores, too
    results = {}
    for threads in (1, 2, 4):
        monkeypatch.setenv("OMP_NUM_THREADS", str(threads))  # XGBoost's
        home = tmp_path / f"threads_{threads}"
        results[threads] = build(raw_world, home, threads, shuffle=threads * 7919)
    assert len(results[1]) > 40
    for threads in (2, 4):
        different = [name for name in results[1] if results[1][name] != results[threads][name]]
        assert different == [], f"{threads} threads"
