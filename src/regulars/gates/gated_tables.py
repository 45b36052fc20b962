"""What the project says of gated tables: which gate reads them, and the models' own columns."""

import ast
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from regulars.errors import UserError
from regulars.project import project_folder, read_yaml

# the order in which data flows; layers of one row stand beside each other. What comes after
# the last gate can't be gated: it is built from what the gates let through.
FLOW = [["staging"], ["inputs"], ["identity"], ["timeline"], ["features", "labels"]]
FLOW += [["training"], ["scores"]]
PLACE = {layer: place for place, layers in enumerate(FLOW) for layer in layers}


@dataclass(frozen=True)
class Gate:
    """A Python model that checks tables.

    Attributes:
        file: its file, from the project's folder.
        layer: the folder that it stands in.
        tables: the tables that it checks, and the line of each.
    """

    file: str
    layer: str
    tables: dict[str, int]


@dataclass(frozen=True)
class DeclaredTable:
    """What a model's YAML says of its table.

    Attributes:
        layer: the first folder below models/ or python_models/.
        columns: its columns, in order.
        keys: the columns that a dbt test says are unique together, the fewest first.
    """

    layer: str
    columns: list[str] = field(default_factory=list)
    keys: list[list[str]] = field(default_factory=list)


def read_gates() -> list[Gate]:
    """The gates, in the order in which data flows: every python_models/<layer>/check_*.py.

    Raises:
        UserError: when one isn't Python; names file and line.
    """
    root = project_folder()
    gates = [
        Gate(file.relative_to(root).as_posix(), file.parent.name, _checked_tables(root, file))
        for file in sorted(root.glob("python_models/*/check_*.py"))
    ]
    return sorted(gates, key=lambda gate: (PLACE.get(gate.layer, len(FLOW)), gate.file))


def gate_for(layer: str | None, gates: list[Gate]) -> Gate | None:
    """The gate that a table belongs to: the first behind its layer; None when there is none."""
    place = PLACE.get(layer or "", len(FLOW))
    return next((gate for gate in gates if PLACE.get(gate.layer, -1) >= place), None)


def line_to_add(table: str) -> str:
    """The line of a gate that makes it check a table."""
    return f'"{table}": dbt.ref("{table}"),'


def read_declared() -> dict[str, DeclaredTable]:
    """The models that a YAML file beside them declares, by name.

    Raises:
        UserError: when one isn't YAML; names file and line.
    """
    root = project_folder()
    declared = {}
    for folder in ("models", "python_models"):
        for file in sorted((root / folder).rglob("_*.yml")):
            layer = file.relative_to(root / folder).parts[0]
            for model in (read_yaml(file) or {}).get("models") or []:
                declared[str(model["name"])] = _declared(layer, model)
    return declared


def _declared(layer: str, model: dict[str, Any]) -> DeclaredTable:
    columns = model.get("columns") or []
    keys = [[column["name"]] for column in columns if "unique" in _tests(column)]
    together = _tests(model).get("unique_together") or {}
    listed = (together.get("arguments") or together).get("columns")
    if listed:
        keys.append(list(listed))
    return DeclaredTable(layer, [column["name"] for column in columns], keys)


def _tests(declared: dict[str, Any]) -> dict[str, Any]:
    """A column's or a model's dbt tests by name, with what they are given."""
    tests = declared.get("data_tests") or declared.get("tests") or []
    return {
        name: given or {}
        for test in tests
        for name, given in (test.items() if isinstance(test, dict) else [(test, {})])
    }


def _checked_tables(root: Path, file: Path) -> dict[str, int]:
    """The tables of a gate: the names of a literal dict whose values are dbt.ref(...)."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except SyntaxError as error:
        where = file.relative_to(root).as_posix()
        raise UserError(f"{where}:{error.lineno}: {error.msg}.") from error
    return {
        key.value: key.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and _is_ref(value)
    }


def _is_ref(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr == "ref"
    )
