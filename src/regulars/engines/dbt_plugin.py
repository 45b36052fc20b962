"""What the hooks of a run ask of Python on DuckDB. profiles.yml names it as a dbt-duckdb plugin.

It leaves two facts in the session, which run is published and which software runs, and adds
one function, `write_status`, that writes published/<target>/status.json.
"""

import json
import os
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from regulars.engines.published_generations import current_generation

PACKAGES = [
    "regulars",
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "great-expectations",
    "pyarrow",
    "scipy",
    "xgboost",
    "xgboost-cpu",
]


class Plugin(BasePlugin):  # type: ignore[misc]  # dbt-duckdb has no types
    """Prepares each connection that dbt opens."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Adds `write_status`; the variables are each cursor's own."""
        folder = self._published_folder()

        def write_status(status: str) -> bool:
            write_status_file(folder, status)
            return True

        conn.create_function("write_status", write_status, side_effects=True)

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Leaves the two facts in the session that a model or hook runs in."""
        current = current_generation(self._published_folder())
        for name, value in (
            ("published_run_id", current.run_id if current else None),
            ("software_versions", json.dumps(software_versions())),
        ):
            cursor.execute(f"set variable {name} = ?", [value]).fetchall()

    def _published_folder(self) -> Path:
        file = Path(self.creds.path).resolve()
        return file.parent.parent / "published" / file.stem


def write_status_file(folder: Path, status: str) -> None:
    """Replaces a target's status.json whole, so that nobody reads half of it.

    Args:
        folder: the target's published folder; made when it is missing.
        status: a JSON object.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".status.json.{os.getpid()}.draft"
    draft.write_text(json.dumps(json.loads(status), indent=2) + "\n", encoding="utf-8")
    draft.replace(folder / "status.json")


@cache  # every node has a cursor, and looking packages up takes milliseconds
def software_versions() -> dict[str, str]:
    """The versions of what a run's figures depend on, by package."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # one of the two xgboosts is always missing
            continue
    return found
