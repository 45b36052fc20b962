"""Python procedures as dbt-snowflake sends them: `with x as procedure () … as $$…$$ call x()`.

The code runs in a process of its own, with a Snowpark session on the emulator. It may import what a
warehouse would have: the standard library, what PACKAGES names and what the zips in IMPORTS hold.
"""

import ast
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from fakesnow.transforms.stage import internal_dir, parts_from_var

PROCESS = Path(__file__).with_name("procedure_process.py")

ANONYMOUS = re.compile(
    r"\s*(?:/\*.*?\*/\s*)?with\s+(?P<name>\w+)\s+as\s+procedure\s*\(\s*\)(?P<clauses>.*?)"
    r"\bas\s*\$\$(?P<code>.*)\$\$\s*call\s+(?P=name)\s*\(\s*\)\s*(?:/\*.*?\*/\s*)?;?\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
# what a procedure's head may say here; EXECUTE AS CALLER is all that a session can be
CLAUSES = re.compile(
    r"returns\s+string|language\s+python|execute\s+as\s+caller"
    r"|runtime_version\s*=\s*'(?P<python>[\d.]+)'"
    r"|packages\s*=\s*\((?P<packages>[^)]*)\)|imports\s*=\s*\((?P<imports>[^)]*)\)"
    r"|handler\s*=\s*'(?P<handler>\w+)'",
    re.IGNORECASE,
)
# packages that conda, whose channel Snowflake takes them from, calls by another name than pip
PIP_NAMES = {"python-duckdb": "duckdb"}
# dbt-snowflake writes it behind each model, and looks first whether pandas is there
WRITTEN_BY_DBT = "materialize"


class ProcedureError(Exception):
    """What Snowflake would answer with an error in SQL."""


@dataclass(frozen=True)
class Procedure:
    """A procedure as it was sent.

    Attributes:
        name: what it is called by.
        python: the version of Python that it asks for.
        packages: of PACKAGES, as pip would name them, versions included.
        imports: of IMPORTS, as paths on stages.
        handler: the function that is called with the session.
        code: the Python.
    """

    name: str
    python: str
    packages: list[str]
    imports: list[str]
    handler: str
    code: str


def procedure_in(sql: str) -> Procedure | None:
    """The procedure that a statement defines and calls; None when it is another statement.

    Raises:
        ProcedureError: when its head says something that the emulator doesn't know.
    """
    if (found := ANONYMOUS.match(sql)) is None:
        return None
    return python_of(found, "procedure")


def python_of(found: re.Match[str], kind: str) -> Procedure:
    """What a statement says of Python that is to be run: a procedure's or a function's.

    Args:
        found: with the groups name, clauses and code.
        kind: what it is called in an error.

    Raises:
        ProcedureError: when its head says something that the emulator doesn't know.
    """
    said: dict[str, str] = {}
    for clause in CLAUSES.finditer(found["clauses"]):
        said |= {name: value for name, value in clause.groupdict().items() if value is not None}
    if left := CLAUSES.sub("", found["clauses"]).strip():
        raise ProcedureError(f"The emulator doesn't know this of a {kind}: {left}")
    return Procedure(
        name=found["name"],
        python=said.get("python", ""),
        packages=re.findall(r"'([^']+)'", said.get("packages", "")),
        imports=re.findall(r"'([^']+)'", said.get("imports", "")),
        handler=said.get("handler", ""),
        code=found["code"],
    )


def run_procedure(
    procedure: Procedure, connection: dict[str, Any], variables: dict[str, str]
) -> str:
    """Runs a procedure and returns what its handler does, as text.

    Args:
        connection: what Snowpark needs to reach the emulator, database and schema included.
        variables: of the caller's session, as SQL: it runs with the caller's rights.

    Raises:
        ProcedureError: when an import isn't to be had in a warehouse, or the code fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        zips = put_imports(procedure.imports, connection, Path(folder))
        allowed = allowed_modules(procedure.packages, zips)
        return _run_allowed(procedure, connection, variables, folder, allowed)


def _run_allowed(
    procedure: Procedure,
    connection: dict[str, Any],
    variables: dict[str, str],
    folder: str,
    allowed: set[str],
) -> str:
    if missing := sorted(imported_modules(procedure.code) - allowed):
        raise ProcedureError(
            f"No module named {', '.join(missing)}: {procedure.name} imports it, but neither"
            " PACKAGES nor a zip in IMPORTS has it."
        )
    order = {
        "connection": connection,
        "code": procedure.code,
        "handler": procedure.handler,
        "variables": variables,
        "folder": folder,
        "allowed": sorted(allowed),
    }
    # -P: beside the script lie the emulator's own modules
    done = subprocess.run(
        [sys.executable, "-P", str(PROCESS)],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ProcedureError(
            f"Python Interpreter Error:\n{done.stderr.strip()}\n in function {procedure.name}"
            f" with handler {procedure.handler}"
        )
    return str(json.loads(done.stdout.splitlines()[-1]))


def put_imports(imports: list[str], connection: dict[str, Any], folder: Path) -> list[Path]:
    """Copies files of stages into the one folder where code finds them; returns the zips."""
    found = [Path(shutil.copy(staged_file(path, connection), folder)) for path in imports]
    return [file for file in found if file.suffix == ".zip"]


def allowed_modules(packages: list[str], zips: list[Path]) -> set[str]:
    """The top-level modules that a warehouse would have."""
    return {*modules_of(packages), *modules_in(zips), *sys.stdlib_module_names}


def imported_modules(code: str) -> set[str]:
    """The top-level modules that a model's code imports anywhere."""
    tree = ast.parse(code)
    found: set[str] = set()
    for part in tree.body:
        if isinstance(part, ast.FunctionDef) and part.name == WRITTEN_BY_DBT:
            continue
        for node in ast.walk(part):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found


def modules_of(packages: list[str]) -> set[str]:
    """The top-level modules of packages; one that is named like its package counts by that name."""
    asked = {re.split(r"[=<>!~\[ ]", package)[0].lower() for package in packages}
    names = {PIP_NAMES.get(name, name) for name in asked}
    installed = {
        module
        for module, distributions in packages_distributions().items()
        if names & {distribution.lower() for distribution in distributions}
    }
    return installed | {name.replace("-", "_") for name in names}


def modules_in(zips: list[Path]) -> set[str]:
    """The top-level modules of zips."""
    found: set[str] = set()
    for path in zips:
        with zipfile.ZipFile(path) as archive:
            found |= {name.split("/")[0].removesuffix(".py") for name in archive.namelist()}
    return found


def staged_file(path: str, connection: dict[str, Any]) -> Path:
    """Where the emulator keeps a file of a stage.

    Raises:
        ProcedureError: when nobody has put it there.
    """
    stage, _, name = path.removeprefix("@").partition("/")
    where = parts_from_var(stage, connection["database"], connection.get("schema"))
    found = Path(internal_dir(".".join(where), name))
    if not found.is_file():
        raise ProcedureError(f"Remote file '{path}' was not found: PUT it there first.")
    return found
