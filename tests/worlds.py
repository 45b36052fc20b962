"""A world to test on: a home folder of its own, and the commands that a user types."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

# what two runs over the same input may differ in: the run itself
RUN_COLUMNS = {"run_id", "trained_at", "scored_at", "published_at", "generation", "loaded_at"}


@dataclass(frozen=True)
class World:
    """One target's warehouse and published folder."""

    home: Path
    target: str
    project: Path = PROJECT

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs a command of the project's environment, in the home folder."""
        (self.home / "warehouse").mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=self.home,
            env=os.environ
            | {
                "REGULARS_HOME": str(self.home),
                "REGULARS_PROJECT": str(self.project),
                "DO_NOT_TRACK": "1",
                "DBT_TARGET_PATH": str(self.home / "target"),
                "DBT_LOG_PATH": str(self.home / "logs"),
            },
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

    def regulars(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs `regulars`."""
        return self.run("regulars", *arguments, check=check)

    def dbt(
        self, *arguments: str, check: bool = True, profiles: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs plain `dbt` on the project, on this world's target."""
        where = ["--project-dir", str(self.project)]
        where += ["--profiles-dir", str(profiles or self.project)]
        target = ["--target", self.target]
        return self.run("dbt", arguments[0], *where, *target, *arguments[1:], check=check)

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

    def rows(self, sql: str, published: bool = False) -> list[tuple]:
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

    def fingerprints(self, schemas: str = "%") -> dict[str, tuple]:
        """For every table built: its row count and a hash of all its values, whatever their order.

        Columns that tell about the run itself are left out.
        """
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            tables = con.execute(
                "select schema_name, table_name from duckdb_tables()"
                " where schema_name not like 'raw_%' and schema_name like ? order by all",
                [schemas],
            ).fetchall()
            return {
                f"{schema}.{table}": self._fingerprint(con, schema, table)
                for schema, table in tables
            }

    @staticmethod
    def _fingerprint(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> tuple:
        columns = [
            f'"{name}"'
            for (name,) in con.execute(
                "select column_name from duckdb_columns() where schema_name = ? and table_name = ?"
                " order by column_index",
                [schema, table],
            ).fetchall()
            if name not in RUN_COLUMNS
        ]
        ((count, total),) = con.execute(
            f"select count(*), sum(hash({', '.join(columns)})::hugeint) from {schema}.{table}"
        ).fetchall()
        return count, total
