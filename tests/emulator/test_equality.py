"""The whole project gives on the emulator what it gives on DuckDB, from the same raw tables.

It is built twice, with new days and corrections between: incremental models, state, champions that
are kept and a second publication are compared as well.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.emulator.conftest import Dbt
from tests.emulator.equality import Equality, compare
from tests.emulator.loading import load
from tests.emulator.server import Emulator
from tests.worlds import PROJECT, World, few_trees

GOLDEN = Path(__file__).with_name("golden") / "procedure.sql.golden"

pytestmark = pytest.mark.emulator

# each engine hashes in its own way
OWN_WAYS = [
    *("timeline.timeline_customer_days.events_print", "timeline.timeline_items.events_print"),
    *("timeline.timeline_days.events_print", "timeline.timeline_orders.events_print"),
    *("timeline.timeline_owned_events.event_print", "timeline.timeline_owned_events.owner_print"),
    "timeline.timeline_owners.owner_print",
    # the hour of the run
    "monitoring.expectation_results.checked_at",
    "published_tables.expectation_results.checked_at",
]
# tables about the runs themselves: their hours, versions and engines
OF_RUNS = {"monitoring.runs", "publish.published_runs", "published_tables.runs"}
# what the emulator takes without doing it, all of it named
WEAKENED = {
    *(
        "cancelled queries",
        "copy grants",
        "query tag",
        "secure view",
        "temporary table",
        "temporary view",
    ),
    *("transient schema", "transient table"),
}
DAYS = 40  # more than retrain_every_days: what is due is trained again


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A small world, built on DuckDB."""
    world = World(tmp_path_factory.mktemp("built"), "demo")
    world.regulars("demo", "--customers", "300", "--years", "2")
    world.dbt("build", "--vars", json.dumps(few_trees()))
    return world


@pytest.fixture(scope="module")
def first(running: Emulator, dbt: Dbt, world: World) -> Iterator[Equality]:
    """The same world on the emulator, and what was found."""
    yield built_and_compared(running, dbt, world)


@pytest.fixture(scope="module")
def second(first: Equality, running: Emulator, dbt: Dbt, world: World) -> Iterator[Equality]:
    """Both built again, after new days came in."""
    world.regulars("demo", "advance", "--days", str(DAYS))
    world.dbt("build", "--vars", json.dumps(few_trees()))
    yield built_and_compared(running, dbt, world)


def models_of(world: World) -> set[str]:
    """All models, as schema.name."""
    manifest = json.loads((world.home / "target" / "manifest.json").read_text())
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return {f"{node['schema']}.{node['name']}" for node in nodes}


def built_and_compared(running: Emulator, dbt: Dbt, world: World) -> Equality:
    """Builds on the emulator what the world has built, and compares models and what BI reads."""
    load(running, world.warehouse)
    done = dbt(PROJECT, "build", "--vars", json.dumps(few_trees()))
    assert done.returncode == 0, done.stdout[-5000:]
    models = compare(running, world.warehouse, sorted(models_of(world) - OF_RUNS), OWN_WAYS)
    tables = world.rows("select table_name from duckdb_tables()", published=True)
    published = {f"published_tables.{name}" for (name,) in tables} - OF_RUNS
    read = compare(running, world.published, sorted(published), OWN_WAYS, "main")
    return Equality(models.rows | read.rows, models.differences | read.differences)


def test_every_model_is_equal(first: Equality, world: World) -> None:
    print(first.report())
    assert first.differences == {}
    assert {name for name in first.rows if "published_tables" not in name} == (
        models_of(world) - OF_RUNS
    )


def test_every_model_is_equal_after_new_days(second: Equality, world: World) -> None:
    print(second.report())
    assert second.differences == {}
    assert world.value("select max(generation) from publication", published=True) == 2


def test_a_procedure_is_the_golden_one(first: Equality, running: Emulator) -> None:
    sent = re.sub(r"/\*.*?\*/\s*;?", "", running.procedures["identity_matches__dbt_sp"], flags=re.S)
    lines = [line.rstrip() for line in sent.splitlines() if line.strip()]
    assert "\n".join(lines) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_what_was_weakened_is_known(second: Equality, running: Emulator) -> None:
    assert set(running.ledger.kinds()) <= WEAKENED


def test_bi_reads_views_of_the_last_generation(second: Equality, running: Emulator) -> None:
    con = running.fakesnow.duck_conn.cursor()
    ((now,),) = con.sql("select generation from REGULARS.PUBLISHED.PUBLICATION").fetchall()
    assert now == 2
    kept = con.sql("select generation from REGULARS.PUBLISHED_GENERATION_1.PUBLICATION").fetchall()
    assert kept == [(1,)]


def test_a_generation_comes_back(second: Equality, running: Emulator, dbt: Dbt) -> None:
    con = running.fakesnow.duck_conn.cursor()
    for generation, other in ((1, 2), (2, 1)):
        done = dbt(PROJECT, "run-operation", "roll_back", "--args", f"{{generation: {generation}}}")
        assert done.returncode == 0, done.stdout
        ((now,),) = con.sql("select generation from REGULARS.PUBLISHED.PUBLICATION").fetchall()
        assert now == generation
        kept = f"select generation from REGULARS.PUBLISHED_GENERATION_{other}.PUBLICATION"
        assert con.sql(kept).fetchall() == [(other,)]
    refused = dbt(PROJECT, "run-operation", "roll_back", "--args", "{generation: 7}")
    assert "Generation 7 isn't kept" in refused.stdout


def test_a_red_gate_publishes_nothing(second: Equality, running: Emulator, dbt: Dbt) -> None:
    con = running.fakesnow.duck_conn.cursor()
    con.execute("delete from REGULARS.RAW_SHOP.ORDER_ITEMS")
    done = dbt(PROJECT, "build", "--vars", json.dumps(few_trees()))
    assert done.returncode == 1
    assert "Gate inputs is red" in done.stdout
    ((now,),) = con.sql("select generation from REGULARS.PUBLISHED.PUBLICATION").fetchall()
    assert now == 2


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
