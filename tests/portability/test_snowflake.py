"""Every model compiles for Snowflake, without an account, to SQL that the lint lets pass."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.portability.lint import faults_of, faults_of_contract
from tests.structure.project import ROOT, Manifest, Node, nodes_of

CROSS_DB = sorted((ROOT / "macros" / "cross_db").glob("*.sql"))


def sql_nodes(manifest: Manifest) -> list[Node]:
    """The SQL models and data tests."""
    nodes = nodes_of(manifest, "model") + nodes_of(manifest, "test")
    return [node for node in nodes if node["language"] == "sql"]


def compiled(manifest: Manifest, name: str) -> str:
    """One model's compiled SQL, white space made single."""
    (model,) = [node for node in nodes_of(manifest, "model") if node["name"] == name]
    return re.sub(r"\s+", " ", model["compiled_code"])


def test_everything_compiles(snowflake_manifest: Manifest) -> None:
    nodes = sql_nodes(snowflake_manifest)
    files = {path.stem for path in (ROOT / "models").rglob("*.sql")}
    assert {node["name"] for node in nodes} >= files
    assert [node["name"] for node in nodes if not node.get("compiled_code")] == []


def test_compiling_reaches_for_no_network(
    snowflake_manifest: Manifest, no_network: dict[str, str]
) -> None:
    tries = Path(no_network["NETWORK_TRIES"])
    assert not tries.exists(), tries.read_text()


def test_the_network_guard_notices(folder: Path, no_network: dict[str, str]) -> None:
    tries = folder / "a_real_try"
    command = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run(
        [sys.executable, "-c", command],
        env={**os.environ, **no_network, "NETWORK_TRIES": str(tries)},
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    assert "127.0.0.1" in tries.read_text()


def test_compiled_sql_is_fit_for_snowflake(snowflake_manifest: Manifest) -> None:
    found = [
        f"{node['name']} ({node['original_file_path']}): {fault}"
        for node in sql_nodes(snowflake_manifest)
        for fault in faults_of(node["compiled_code"])
    ]
    assert not found, "\n".join(found)


def test_contracts_name_types_that_both_engines_know(snowflake_manifest: Manifest) -> None:
    contracts = {
        model["name"]: {name: column["data_type"] for name, column in model["columns"].items()}
        for model in nodes_of(snowflake_manifest, "model")
        if model["config"]["contract"]["enforced"]
    }
    assert contracts, "no model has a contract: the test would see nothing"
    found = [
        f"{model}: {fault}"
        for model, columns in contracts.items()
        for fault in faults_of_contract(columns)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("model", "sql"),
    [
        ("stg_online_retail__events", "convert_timezone('Europe/London', 'UTC', "),
        ("stg_online_retail__events", "try_cast(quantity as decimal(18,4))"),
        ("identity_profiles", "greatest_ignore_nulls(updated_at, linked_at) as known_at"),
        (
            "quarantine",
            """'{' || '"source_record_id":' || coalesce(to_json(to_variant(source_record_id)), """,
        ),
        ("quarantine", "to_char(loaded_at, 'YYYY-MM-DD HH24:MI:SS.FF6')"),
        ("identity_phone_sightings", "identifier_value, '(0)', ''), '[^0-9]', '') as digits"),
        ("identity_details", "when regexp_like(lower(numbered.city), '[a-z0-9 ]*') then"),
        ("timeline_owned_events", "greatest_ignore_nulls(occurred_at, linked_at) as known_at"),
        (
            "timeline_owned_events",
            "convert_timezone('UTC', coalesce(time_zone, 'UTC'), occurred_at)",
        ),
        ("timeline_as_of_date", "max(cast(least_ignore_nulls(occurred_at, loaded_at) as date))"),
        ("timeline_owners", "hash(source_name, source_record_id, used_from, "),
        ("model_boosters", "as varbinary) as booster"),
        ("score_shifts", "cast(get_path(parse_json(metrics), 'base_rate') as double)"),
        (
            "customer_score_reasons",
            "cast(get_path(parse_json(reasons), '[0].feature') as varchar) as feature",
        ),
        ("runs", "from dummy.journal.runs"),
    ],
)
def test_macros_speak_snowflake(snowflake_manifest: Manifest, model: str, sql: str) -> None:
    assert sql.lower() in compiled(snowflake_manifest, model).lower()


def test_trainings_have_a_warehouse_of_their_own(snowflake_manifest: Manifest) -> None:
    named = {
        model["name"]: model["config"].get("snowflake_warehouse")
        for model in nodes_of(snowflake_manifest, "model")
    }
    trainings = {name for name in named if name.startswith("train_")}
    assert len(trainings) == 8
    assert {name for name, warehouse in named.items() if warehouse == "training"} == trainings


def test_python_models_run_with_the_package(snowflake_manifest: Manifest) -> None:
    models = [m for m in nodes_of(snowflake_manifest, "model") if m["language"] == "python"]
    assert models
    for model in models:
        assert model["config"]["imports"] == ["@DUMMY.code.python/regulars.zip"]
        assert "xgboost" in model["config"]["packages"]


def test_state_outlives_a_mistake(snowflake_manifest: Manifest) -> None:
    """Transient tables have no fail-safe: what can't be built again isn't one."""
    models = nodes_of(snowflake_manifest, "model")
    state = {m["name"] for m in models if m["config"].get("full_refresh") is False}
    assert state == {m["name"] for m in models if m["config"].get("transient") is False}
    assert len(state) == 9


@pytest.mark.parametrize("path", CROSS_DB, ids=lambda path: path.stem)
def test_a_dispatched_macro_has_both_engines(path: Path) -> None:
    assert engines_missing(path.read_text(encoding="utf-8")) == []


def engines_missing(text: str) -> list[str]:
    """The variants that a file's dispatched macros lack: each engine's own, or a default."""
    defined = set(re.findall(r"\{%-?\s*macro\s+(\w+)\(", text))
    return [
        f"{engine}__{name}"
        for name in re.findall(r"adapter\.dispatch\('(\w+)', 'regulars'\)", text)
        for engine in ("duckdb", "snowflake")
        if not {f"{engine}__{name}", f"default__{name}"} & defined
    ]


def test_a_missing_variant_is_noticed() -> None:
    half = """
        {% macro utc(column) %}{{ adapter.dispatch('utc', 'regulars')(column) }}{% endmacro %}
        {% macro duckdb__utc(column) -%} {{ column }} {%- endmacro %}
    """
    assert engines_missing(half) == ["snowflake__utc"]
    assert engines_missing(half.replace("duckdb__utc", "default__utc")) == []


def test_no_seed_holds_what_dbt_loads_as_a_missing_value() -> None:
    """dbt-duckdb loads the word null as it is, other adapters don't."""
    for seed in sorted((ROOT / "seeds").glob("*.csv")):
        with seed.open(encoding="utf-8", newline="") as file:
            cells = {cell.strip().lower() for row in csv.reader(file) for cell in row}
        assert "null" not in cells, seed.name
