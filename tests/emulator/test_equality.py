"""The SQL models give on the emulator what they give on DuckDB, from the same raw tables.

Python models and gates don't run there yet: their tables are DuckDB's.
"""

import json
from pathlib import Path

import duckdb
import pytest

from tests.emulator.conftest import Dbt
from tests.emulator.equality import compare
from tests.emulator.loading import load
from tests.emulator.server import Emulator
from tests.worlds import PROJECT, World, few_trees

pytestmark = pytest.mark.emulator

# a run without its gates takes its state back, and what is read off that is empty, too
UNDONE = {
    *("inputs.input_volumes", "features.feature_profile", "training.training_profile"),
    *("training.model_registry", "identity.identity_map", "identity.identity_changes"),
    *("identity.identity_profiles", "scores.customer_score_history"),
    *("scores.score_history_followed", "monitoring.runs", "monitoring.expectation_results"),
}
# each engine hashes in its own way
OWN_WAYS = [
    *("timeline.timeline_customer_days.events_print", "timeline.timeline_items.events_print"),
    *("timeline.timeline_days.events_print", "timeline.timeline_orders.events_print"),
    *("timeline.timeline_owned_events.event_print", "timeline.timeline_owned_events.owner_print"),
    "timeline.timeline_owners.owner_print",
]
# models with a relation that were compared when this was written: fewer would be a hole
COMPARED_AT_LEAST = 150


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A small world, built on DuckDB."""
    world = World(tmp_path_factory.mktemp("built"), "demo")
    world.regulars("demo", "--customers", "300", "--years", "2")
    world.dbt("build", "--vars", json.dumps(few_trees()))
    return world


def models_of(world: World) -> dict[str, str]:
    """Model → 'given' where the emulator takes DuckDB's table, 'none' without one, or 'built'."""
    manifest = json.loads((world.home / "target" / "manifest.json").read_text())
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return {
        f"{node['schema']}.{node['name']}": "given"
        if node["language"] == "python" or node["name"].startswith("gate_")
        # publishing asks for this run's gates
        else ("none" if node["schema"] == "publish" else "built")
        for node in models
    }


def test_sql_models_are_equal(running: Emulator, dbt: Dbt, built: World) -> None:
    models = models_of(built)
    given = {name for name, kind in models.items() if kind == "given"}
    load(running, built.warehouse)
    load(running, built.warehouse, "%", given)
    assert dbt(PROJECT, "seed").returncode == 0
    left_out = [name.split(".")[1] for name in given]
    done = dbt(PROJECT, "run", "--vars", json.dumps(few_trees()), "--exclude", *left_out)
    assert done.returncode == 0, done.stdout[-5000:]
    compared = [name for name, kind in models.items() if kind == "built" and name not in UNDONE]
    found = compare(running, built.warehouse, compared, OWN_WAYS)
    print(found.report())
    assert found.differences == {}
    assert len(found.rows) >= COMPARED_AT_LEAST
    assert set(running.ledger.kinds()) == {"transient table"}


def test_a_difference_is_noticed(running: Emulator, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "there.duckdb")) as con:
        con.execute("create schema shop")
        con.execute("create table shop.amounts as select 1 as id, 0.5::double as x, null::int as y")
    load(running, tmp_path / "there.duckdb", "shop")
    table = ["shop.amounts"]
    assert compare(running, tmp_path / "there.duckdb", table).differences == {}
    con = running.fakesnow.duck_conn.cursor()
    con.execute("update REGULARS.SHOP.AMOUNTS set x = x + 1e-7")
    assert compare(running, tmp_path / "there.duckdb", table).differences == {}
    con.execute("update REGULARS.SHOP.AMOUNTS set x = x + 1e-5, y = 1")
    (said,) = compare(running, tmp_path / "there.duckdb", table).differences.values()
    assert said == ['"y" differs in 1 rows', '"x" differs in 1 rows']
    con.execute("insert into REGULARS.SHOP.AMOUNTS select * from REGULARS.SHOP.AMOUNTS")
    assert list(compare(running, tmp_path / "there.duckdb", table).differences.values()) == [
        ["2 rows"]
    ]
