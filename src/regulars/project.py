"""Where the project and its data live, from whichever directory one works in."""

import os
from pathlib import Path
from typing import Any

import yaml

from regulars.errors import UserError


def project_folder() -> Path:
    """The folder of dbt_project.yml.

    Looked for in REGULARS_PROJECT, then upwards from the working directory, then
    beside the source that this package was installed from.

    Raises:
        UserError: when none of them holds the project.
    """
    named = os.environ.get("REGULARS_PROJECT")
    if named:
        if _is_project(Path(named)):
            return Path(named).resolve()
        raise UserError(f"REGULARS_PROJECT={named} holds no Regulars dbt_project.yml.")
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if _is_project(folder):
            return folder
    raise UserError("No Regulars project here: go to its folder, or set REGULARS_PROJECT to it.")


def home() -> Path:
    """The folder that holds warehouse/ and published/: REGULARS_HOME, or the project's own."""
    named = os.environ.get("REGULARS_HOME")
    return Path(named).resolve() if named else project_folder()


def warehouse_file(target: str) -> Path:
    """The DuckDB file that a target builds in; its folder is made when it is missing.

    Raises:
        UserError: when the target isn't one of profiles.yml's DuckDB targets, or the folder
            can't be made.
    """
    check_target(target)
    folder = home() / "warehouse"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} can't be made: {error.strerror}.") from error
    return folder / f"{target}.duckdb"


def check_target(target: str) -> None:
    """Refuses a target that profiles.yml doesn't have as a DuckDB target.

    Raises:
        UserError: naming those that it has.
    """
    if target not in duckdb_targets():
        raise UserError(
            f"Unknown target '{target}': profiles.yml has {', '.join(duckdb_targets())}."
        )


def published_folder(target: str) -> Path:
    """The folder that BI reads for a target."""
    return home() / "published" / target


def duckdb_targets() -> list[str]:
    """The targets of profiles.yml that build in a local file, in their order there."""
    outputs = read_yaml(project_folder() / "profiles.yml")["regulars"]["outputs"]
    return [name for name, output in outputs.items() if output["type"] == "duckdb"]


def read_yaml(file: Path) -> Any:
    """What a YAML file of the project holds.

    Raises:
        UserError: when it is missing or isn't YAML; names file and line.
    """
    try:
        return yaml.safe_load(file.read_text())
    except OSError as error:
        raise UserError(f"{file} can't be read: {error.strerror}.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UserError(f"{file}, line {line}: {error.problem}.") from error


def _is_project(folder: Path) -> bool:
    file = folder / "dbt_project.yml"
    return file.is_file() and "name: regulars" in file.read_text().splitlines()
