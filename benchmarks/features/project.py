"""The project's timeline and features alone: real commands, behind inputs of a few words.

Inputs and identity are views of made-up tables, and the gates let everything through, so that
what is timed is the timeline and the features, model by model. What a model of them reads but
isn't there is an error of dbt: then a stub is missing below.
"""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.identity.world import Run, World
from regulars.project import project_folder

PARTS = ["dbt_project.yml", "profiles.yml", "macros", "seeds", "tests/generic"]
PARTS += ["models/timeline", "models/features"]
# what is for the gates, whose cost benchmarks/gates.py shows
GATES = ["feature_magnitudes", "feature_profile", "feature_shifts", "gate_features"]
RUN_ID = "select '{{ invocation_id }}' as run_id"
STUBS = {
    "inputs/input_events": "select * from raw_log.events",
    "inputs/input_items": "select * from raw_log.items",
    # one profile per record, never changed
    "inputs/input_profiles_checked": (
        "select source_name, source_record_id, linked_at as created_at, linked_at as updated_at,"
        " linked_at as loaded_at, date '1980-02-29' as birth_date, 'DE' as country,"
        " 'one@mail.example' as email, null::varchar as phone, 'A street' as address,"
        " 'kept' as row_outcome from raw_log.owners"
    ),
    "inputs/gate_inputs": RUN_ID,
    "identity/identity_map": "select * from raw_log.owners",
    "identity/identity_shared_records": (
        "select *, 1 as turn_number, null::timestamp as used_from, null::timestamp as used_to"
        " from raw_log.owners where 1 = 0"
    ),
    "features/gate_features": RUN_ID,
    "training/model_registry": "select null::varchar as model_id where 1 = 0",
    "scores/gate_scores": RUN_ID,
    "monitoring/model_alarms": "select null::varchar as prediction where 1 = 0",
}
VIEW = "{{ config(materialized='view') }}\n"


@dataclass(frozen=True)
class Statement:
    """A table of a model, made anew by the SQL that dbt compiled."""

    name: str
    sql: str


@dataclass(frozen=True)
class Project:
    """A stub of the project, and the log that it is run on."""

    world: World

    @classmethod
    def made_in(cls, home: Path) -> "Project":
        """A copy of the timeline and the features of this checkout."""
        folder = home / "project"
        for part in PARTS:
            here, there = project_folder() / part, folder / part
            there.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if here.is_dir() else shutil.copy)(here, there)
        for tests in (folder / "models").rglob("*unit_tests.yml"):
            tests.unlink()
        for name in GATES:
            (folder / "models" / "features" / f"{name}.sql").unlink()
        for name, text in STUBS.items():
            model = folder / "models" / f"{name}.sql"
            model.parent.mkdir(exist_ok=True)
            model.write_text(VIEW + text)
        return cls(World(home, "demo", folder))

    @property
    def file(self) -> Path:
        """The warehouse."""
        return self.world.file

    def run(self, *names: str, snapshots: int, threads: int = 1) -> Run:
        """`dbt run` of models at the newest day and the snapshots before it.

        One thread means one model at a time: DuckDB works on each with all cores, and the
        seconds of a model are its own.
        """
        settings = {
            "snapshot_count": snapshots - 1,
            "snapshots_for_long_horizons": 0,
            "profile_versions_since": {"shop": None},
        }
        options = ["--threads", str(threads), "--vars", json.dumps(settings)]
        return self.world.build("--select", *names, *options)

    def statements(self) -> list[Statement]:
        """What the last run made tables by, in the order in which it did; views are left out.

        After a first run, also what later ones only bring up to date: all of it by one statement.
        What a post-hook adds for past days is in the statement of its model.
        """
        target = self.world.home / "target"
        nodes = json.loads((target / "manifest.json").read_text())["nodes"]
        results = json.loads((target / "run_results.json").read_text())["results"]
        return [
            Statement(
                nodes[result["unique_id"]]["name"],
                f"create or replace table {result['relation_name']} as {result['compiled_code']}"
                + self.past_days(result),
            )
            for result in results
            if result["unique_id"].startswith("model.")
            and nodes[result["unique_id"]]["config"]["materialized"] in ("table", "incremental")
        ]

    def past_days(self, result: dict[str, Any]) -> str:
        """What the post-hook add_past_snapshots runs for a model: its SQL at each past day."""
        current = re.search(
            r"\(select snapshots\.as_of_date from .*? where snapshots\.is_current\)",
            result["compiled_code"],
        )
        if current is None:
            return ""
        with duckdb.connect(str(self.file), read_only=True) as con:
            days = con.execute(
                "select as_of_date from timeline.timeline_snapshots where not is_current order by 1"
            ).fetchall()
        return "".join(
            f"; insert into {result['relation_name']} "
            + result["compiled_code"].replace(current[0], f"date '{day}'")
            for (day,) in days
        )

    def parents(self) -> dict[str, list[str]]:
        """The models that each model reads, as the last run had them."""
        manifest = json.loads((self.world.home / "target" / "manifest.json").read_text())
        return {
            node["name"]: [parent.rpartition(".")[2] for parent in node["depends_on"]["nodes"]]
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model"
        }

    def features(self) -> list[str]:
        """The models of the folder, the matrix they are joined to included."""
        models = (self.world.project / "models" / "features").glob("*.sql")
        return sorted({model.stem for model in models} - {"gate_features"})


def below(name: str, parents: dict[str, list[str]]) -> set[str]:
    """All models that depend on one."""
    found: set[str] = set()
    while more := {
        model
        for model, read in parents.items()
        if model not in found and (name in read or found.intersection(read))
    }:
        found |= more
    return found


def before(models: list[str], parents: dict[str, list[str]], among: set[str]) -> list[str]:
    """What models are made from, as far as it is among some; the models themselves left out."""
    found: set[str] = set()
    waiting = list(models)
    while waiting:
        for parent in parents[waiting.pop()]:
            if parent in among and parent not in found:
                found.add(parent)
                waiting.append(parent)
    return sorted(found - set(models))
