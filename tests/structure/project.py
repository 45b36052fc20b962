"""What the structure tests read: this project's files, and the manifest that dbt makes of them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]

# the seven inputs of the contract
INPUTS = ["profiles", "identifiers", "events", "items", "consents", "assignments", "offers"]
PREDICTIONS = list(yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]["predictions"])

Node = dict[str, Any]
Manifest = dict[str, Any]


def every_source() -> dict[str, list[str]]:
    """The sources of all worlds in dbt_project.yml: one parse then sees all of staging."""
    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    worlds = settings["vars"]["worlds"].values()
    return {source: inputs for world in worlds for source, inputs in world["sources"].items()}


def run_dbt(
    command: list[str],
    target: str,
    folder: Path,
    environment: dict[str, str] | None = None,
    settings: dict[str, Any] | None = None,
) -> Manifest:
    """Runs dbt on this project, all sources switched on, and returns its manifest.

    Everything that dbt writes goes to `folder`; `settings` are vars that differ.

    Raises:
        AssertionError: when dbt fails, with what it printed.
    """
    worlds = {target: {"reporting_currency": "EUR", "sources": every_source()}}
    options = {
        "--target": target,
        "--target-path": str(folder / "target"),
        "--log-path": str(folder / "logs"),
        "--profiles-dir": str(ROOT),
        "--vars": json.dumps({"worlds": worlds, **(settings or {})}),
    }
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", *command]
        + [word for option in options.items() for word in option],
        cwd=ROOT,
        env={
            **os.environ,
            "REGULARS_HOME": str(folder),
            "DO_NOT_TRACK": "1",
            **(environment or {}),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    said = f"{done.stdout[-4000:]}\n{done.stderr[-2000:]}"
    assert done.returncode == 0, f"dbt {' '.join(command)} failed:\n{said}"
    written = (folder / "target" / "manifest.json").read_text(encoding="utf-8")
    manifest: Manifest = json.loads(written)
    return manifest


def nodes_of(manifest: Manifest, resource_type: str) -> list[Node]:
    """The nodes of one type ('model', 'seed', 'test'), by name."""
    found = [n for n in manifest["nodes"].values() if n["resource_type"] == resource_type]
    return sorted(found, key=lambda node: str(node["name"]))


def layer_of(node: Node) -> str:
    """The folder under models/ or python_models/ that a model stands in: its layer."""
    return str(node["original_file_path"]).split("/")[1]


def folder_of(node: Node) -> str:
    """The name of the folder that a file stands in directly."""
    return Path(node["original_file_path"]).parent.name


def a_model(path: str, refs: tuple[str, ...] = (), **properties: Any) -> Node:
    """A made-up model to try a rule on: `refs` are paths of models, or ids of sources."""
    name = Path(path).stem
    read = [r if r.startswith("source.") else f"model.regulars.{Path(r).stem}" for r in refs]
    return {
        "unique_id": f"model.regulars.{name}",
        "resource_type": "model",
        "name": name,
        "original_file_path": path,
        "depends_on": {"nodes": read},
        "columns": {},
        "config": {},
        "description": "One row per thing.",
        **properties,
    }


def a_manifest(*nodes: Node, sources: tuple[Node, ...] = ()) -> Manifest:
    """A made-up manifest of these nodes."""
    return {
        "nodes": {node["unique_id"]: node for node in nodes},
        "sources": {node["unique_id"]: node for node in sources},
    }
