"""A copy of the project with a source more, as a user adds one, and dbt run on it.

A run that stops at identity_map passes no later gate, so the hook at its end takes the rows of
the state table identity_map back, as for any run that isn't whole. All other models stay as they
were built. What is judged is therefore read from identity_clusters: identity_map gives each
cluster one customer_id, and nothing else decides who is with whom.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
import duckdb

from regulars.project import project_folder

STAGING = Path(__file__).parent / "staging"
PARTS = ["dbt_project.yml", "profiles.yml", "models", "python_models", "macros", "seeds"]
PARTS += ["expectations", "tests/generic"]
NO_SOURCES = "      sources: {}\n"  # of the world `prod`, as it is delivered
NO_TESTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]


@dataclass(frozen=True)
class Run:
    """What a run of dbt took.

    Attributes:
        nodes: when each began and ended.
        peak: gigabytes of its process at most, dbt and Python included.
        processor: seconds of all cores together, of the whole process: on a machine that is busy
            with something else they say more than the clock does.
    """

    nodes: dict[str, tuple[datetime, datetime]]
    peak: float
    processor: float

    def seconds(self, *names: str) -> float:
        """From the beginning of the first of these nodes to the end of the last."""
        began, ended = zip(*(self.nodes[name] for name in names), strict=True)
        return float((max(ended) - min(began)).total_seconds())

    def slowest(self, count: int, names: list[str]) -> str:
        """The nodes that took the longest, in words."""
        took = sorted(((self.seconds(name), name) for name in names), reverse=True)
        return ", ".join(f"{name} {seconds:.1f} s" for seconds, name in took[:count])


@dataclass(frozen=True)
class World:
    """A project, and the home of the data of one of its targets."""

    home: Path
    target: str
    project: Path

    @classmethod
    def of_demo(cls, home: Path, customers: int, years: int) -> "World":
        """The project as it is, and a made-up company."""
        world = cls(home, "demo", project_folder())
        size = ["--customers", str(customers), "--years", str(years)]
        world.command("regulars", "demo", *size)
        return world

    @classmethod
    def of_source(cls, home: Path, source: str, files: list[Path]) -> "World":
        """A copy of the project with one of the staging folders beside this file.

        Args:
            home: a folder that doesn't exist yet.
            source: names the folder.
            files: the raw tables, named as they are to be.
        """
        project = home / "project"
        for part in PARTS:
            here, there = project_folder() / part, project / part
            there.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if here.is_dir() else shutil.copy)(here, there)
        shutil.copytree(STAGING / source, project / "models" / "staging" / source)
        inputs = [file.stem.rpartition("__")[2] for file in (STAGING / source).glob("stg_*.sql")]
        settings = (project / "dbt_project.yml").read_text()
        if settings.count(NO_SOURCES) != 1:
            raise click.ClickException("dbt_project.yml's world `prod` has sources: give it none.")
        fed = f"      sources: {{{source}: [{', '.join(sorted(inputs))}]}}\n"
        (project / "dbt_project.yml").write_text(settings.replace(NO_SOURCES, fed))
        world = cls(home, "prod", project)
        where = ["--source", source, "--target", "prod"]
        world.command("regulars", "load", "files", *where, *map(str, files))
        return world

    @property
    def file(self) -> Path:
        """The warehouse."""
        return self.home / "warehouse" / f"{self.target}.duckdb"

    def connect(self) -> duckdb.DuckDBPyConnection:
        """To look at what was built."""
        return duckdb.connect(str(self.file), read_only=True)

    def build(self, *arguments: str) -> Run:
        """`dbt build` without tests, of what the arguments select."""
        where = ["--project-dir", str(self.project), "--profiles-dir", str(self.project)]
        where += ["--target", self.target]
        peak, processor = self.command("dbt", "--quiet", "build", *where, *NO_TESTS, *arguments)
        results = json.loads((self.home / "target" / "run_results.json").read_text())["results"]
        return Run(
            {
                result["unique_id"].rpartition(".")[2]: (
                    datetime.fromisoformat(timing["started_at"]),
                    datetime.fromisoformat(timing["completed_at"]),
                )
                for result in results
                for timing in result["timing"]
                if timing["name"] == "execute"
            },
            peak,
            processor,
        )

    def command(self, program: str, *arguments: str) -> tuple[float, float]:
        """Runs a command of this environment: gigabytes at most, seconds of processor."""
        (self.home / "warehouse").mkdir(parents=True, exist_ok=True)
        watched = (
            "import resource, subprocess, sys\n"
            "done = subprocess.run(sys.argv[1:], stdout=sys.stderr)\n"
            "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
            "print(used.ru_maxrss, used.ru_utime + used.ru_stime)\n"
            "sys.exit(done.returncode)"
        )
        done = subprocess.run(
            [sys.executable, "-c", watched, str(Path(sys.executable).parent / program), *arguments],
            env=os.environ | self._settings,
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise click.ClickException(f"{program} {arguments[0]} failed:\n{done.stderr[-3000:]}")
        unit = 1024**3 if sys.platform == "darwin" else 1024**2
        peak, processor = done.stdout.split()
        return int(peak) / unit, float(processor)

    @property
    def _settings(self) -> dict[str, str]:
        return {
            "REGULARS_HOME": str(self.home),
            "REGULARS_PROJECT": str(self.project),
            "DBT_TARGET_PATH": str(self.home / "target"),
            "DBT_LOG_PATH": str(self.home / "logs"),
            "DO_NOT_TRACK": "1",
        }
