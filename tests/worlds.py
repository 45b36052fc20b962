"""A world to test on: a home folder of its own, and the commands that a user types."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from regulars.demo.writing import MADE_UP

PROJECT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

# what two runs over the same input may differ in: the run itself, and the hour that it began
RUN_COLUMNS = {"run_id", "trained_at", "scored_at", "published_at", "generation", "loaded_at"}
RUN_COLUMNS |= {"score_run_id", "replaced_score_run_id", "judged_at"}
RUN_COLUMNS |= {"hours_since_loading", "changed_at", "retired_at", "previous_customer_since"}
RUN_COLUMNS |= {"identity_map.valid_from"}
# of these it counts whether they are there: keys are those of any five rows that fail
COMPARED_AS = {
    "replaced_by_run_id": "replaced_by_run_id is null",
    "ended_by_run_id": "ended_by_run_id is null",
    "identity_map.valid_to": "valid_to is null",
    "failing_keys": "failing_keys is null",
    "result": "result is null",
}

# what outlives a run, and which a red one must leave as it was
STATE = (
    "training.model_registry",
    "training.model_boosters",
    "scores.customer_score_history",
    "scores.model_performance",
    "training.training_profile",
    "identity.identity_map",
    "identity.identity_changes",
    "inputs.input_volumes",
    "features.feature_profile",
)

# a tenth of the trees, each with a larger step and more features to choose from
FEW_TREES = {"rounds": 30, "learning_rate": 0.2, "colsample_bytree": 0.2}

Row = tuple[Any, ...]


def project_vars() -> dict[str, Any]:
    """The vars of dbt_project.yml."""
    found: dict[str, Any] = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["vars"]
    return found


def only(*predictions: str) -> dict[str, Any]:
    """The var `predictions` with these alone: the models of the others go with them."""
    entries = project_vars()["predictions"]
    return {"predictions": {name: entries[name] for name in predictions}}


def few_trees() -> dict[str, Any]:
    """Vars for a world that trains models, in a test that isn't about how good they are."""
    return {"xgboost_parameters": project_vars()["xgboost_parameters"] | FEW_TREES}


@dataclass(frozen=True)
class World:
    """One target's warehouse and published folder.

    Attributes:
        home: the folder of both.
        target: the target of profiles.yml.
        project: the dbt project.
        runs_dbt_tests: whether builds run dbt's tests, too. They are most of a build, so the worlds
            that all tests share run them, and no other.
    """

    home: Path
    target: str
    project: Path = PROJECT
    runs_dbt_tests: bool = False

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs a command of the project's environment, in the home folder."""
        (self.home / "warehouse").mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=self.home,
            env=os.environ | self.settings,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(
                f"{' '.join(command)} → {done.returncode}\n"
                f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
            )
        return done

    @property
    def settings(self) -> dict[str, str]:
        """Environment variables that make commands work on this world."""
        left_out = "" if self.runs_dbt_tests else "test unit_test"
        return {
            "DBT_EXCLUDE_RESOURCE_TYPES": left_out,
            "REGULARS_HOME": str(self.home),
            "REGULARS_PROJECT": str(self.project),
            "DO_NOT_TRACK": "1",
            "DBT_TARGET_PATH": str(self.home / "target"),
            "DBT_LOG_PATH": str(self.home / "logs"),
        }

    def regulars(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs `regulars`."""
        return self.run("regulars", *arguments, check=check)

    def dbt(
        self, *arguments: str, check: bool = True, profiles: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs plain `dbt` on the project, on this world's target."""
        return self.run("dbt", *self.dbt_arguments(*arguments, profiles=profiles), check=check)

    def dbt_arguments(self, *arguments: str, profiles: Path | None = None) -> list[str]:
        """A command's arguments, and the options that make dbt find project and target."""
        where = ["--project-dir", str(self.project)]
        where += ["--profiles-dir", str(profiles or self.project)]
        return [*arguments, *where, "--target", self.target]

    def copy(self, home: Path) -> "World":
        """The same world in another folder."""
        shutil.copytree(self.home, home)
        return World(home, self.target, self.project)

    @property
    def warehouse(self) -> Path:
        """The file that dbt builds in."""
        return self.home / "warehouse" / f"{self.target}.duckdb"

    @property
    def published(self) -> Path:
        """The file that BI reads."""
        return self.home / "published" / self.target / "regulars.duckdb"

    @property
    def published_hash(self) -> str:
        """SHA-256 of the file that BI reads."""
        return hashlib.sha256(self.published.read_bytes()).hexdigest()

    @property
    def status(self) -> dict[str, Any]:
        """What status.json says of the last run."""
        status: dict[str, Any] = json.loads(self.published.with_name("status.json").read_text())
        return status

    def rows(self, sql: str, published: bool = False) -> list[Row]:
        """A query's rows, from the build file or from what was published."""
        with duckdb.connect(
            str(self.published if published else self.warehouse), read_only=True
        ) as con:
            return con.execute(sql).fetchall()

    def value(self, sql: str, published: bool = False) -> object:
        """The one value of a query."""
        ((value,),) = self.rows(sql, published)
        return value

    def change(self, *statements: str) -> None:
        """Changes raw tables, as a new load would."""
        with duckdb.connect(str(self.warehouse)) as con:
            for statement in statements:
                con.execute(statement)

    def load_again(self, other: "World") -> None:
        """Brings the made-up tables of another world, whatever happened to this one's."""
        tables = other.rows(
            "select schema_name || '.' || table_name from duckdb_tables()"
            f" where comment = '{MADE_UP}'"
        )
        self.change(
            f"attach '{other.warehouse}' as other (read_only)",
            *(f"create schema if not exists {name.split('.')[0]}" for (name,) in tables),
            *(f"create or replace table {name} as from other.{name}" for (name,) in tables),
            *(f"comment on table {name} is '{MADE_UP}'" for (name,) in tables),
        )

    def fingerprints(self, schemas: str = "%") -> dict[str, Row]:
        """For every table built: its row count and a hash of all its values, whatever their order.

        Columns that tell about the run itself are left out, and so is the journal.
        """
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            return self._fingerprints(
                con,
                "schema_name not like 'raw_%' and schema_name not in ('main', 'journal')"
                f" and schema_name like '{schemas}'",
            )

    def published_fingerprints(self) -> dict[str, Row]:
        """The same of what BI reads, without what tells of runs."""
        with duckdb.connect(str(self.published), read_only=True) as con:
            return self._fingerprints(con, "table_name not in ('runs', 'expectation_results')")

    def state(self) -> dict[str, Row]:
        """For every state table that has rows: how many count, and a hash of all their values.

        Rows that were replaced don't count; the next run forgets them.
        """
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            columns = {table: self._columns(con, *table.split(".")) for table in STATE}
            found = {
                table: con.execute(
                    f"select count(*), sum(hash(state)::hugeint) from {table} as state"
                    + (" where replaced_by_run_id is null" if "replaced_by_run_id" in names else "")
                ).fetchall()[0]
                for table, names in columns.items()
                if names
            }
        return {table: row for table, row in found.items() if row[0]}

    def _fingerprints(self, con: duckdb.DuckDBPyConnection, condition: str) -> dict[str, Row]:
        tables = con.execute(
            f"select schema_name, table_name from duckdb_tables() where {condition} order by all"
        ).fetchall()
        found = {}
        for schema, table in tables:
            columns = ", ".join(
                COMPARED_AS.get(name) or COMPARED_AS.get(f"{table}.{name}") or f'"{name}"'
                for name in self._columns(con, schema, table)
                if not {name, f"{table}.{name}"} & RUN_COLUMNS
            )
            found[f"{schema}.{table}"] = con.execute(
                f"select count(*), sum(hash({columns})::hugeint) from {schema}.{table}"
            ).fetchall()[0]
        return found

    @staticmethod
    def _columns(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[str]:
        rows = con.execute(
            "select column_name from duckdb_columns() where schema_name = ? and table_name = ?"
            " order by column_index",
            [schema, table],
        ).fetchall()
        return [name for (name,) in rows]


class Session:
    """A process that runs dbt on any world, again and again: quicker than World.dbt.

    Not for `dbt retry`: it must not know what was run before it.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(PROJECT / "tests" / "dbt_session.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def dbt(
        self, world: World, *arguments: str, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Runs plain `dbt` on a world."""
        command, read_by = world.dbt_arguments(*arguments), None
        if world.project == PROJECT and arguments[0] in ("run", "build"):
            at = arguments.index("--vars") if "--vars" in arguments else len(arguments)
            read_by = world.dbt_arguments(*arguments[at : at + 2])
        assert self._process.stdin and self._process.stdout
        line = json.dumps([command, world.settings, read_by])
        print(line, file=self._process.stdin, flush=True)
        code, written = json.loads(self._process.stdout.readline())
        if check and code:
            raise AssertionError(f"dbt {' '.join(arguments)} → {code}\n{written[-3000:]}")
        return subprocess.CompletedProcess(command, code, written, "")

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()
