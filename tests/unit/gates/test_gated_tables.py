"""Which gate reads which table, and what models declare."""

import pytest

from regulars.errors import UserError
from regulars.gates.gated_tables import (
    DeclaredTable,
    Gate,
    gate_for,
    line_to_add,
    read_declared,
    read_gates,
)
from tests.unit.gates.projects import GATE, TinyProject


def test_a_gate_is_read_with_the_lines_of_its_tables(project: TinyProject) -> None:
    assert read_gates() == [Gate("python_models/scores/check_scores.py", "scores", {"orders": 9})]


def test_gates_come_as_data_flows(project: TinyProject) -> None:
    project.write("python_models/inputs/check_inputs.py", GATE.replace("orders", "input_events"))
    project.write("python_models/features/check_features.py", GATE.replace("orders", "x"))
    assert [gate.layer for gate in read_gates()] == ["inputs", "features", "scores"]


def test_only_refs_are_tables(project: TinyProject) -> None:
    project.write("python_models/scores/check_scores.py", 'a = {"x": 1, "y": f("y"), **{}}')
    assert read_gates()[0].tables == {}


def test_a_gate_that_is_no_python_is_named_with_its_line(project: TinyProject) -> None:
    project.write("python_models/scores/check_scores.py", "x = 1\ndef (:\n")
    with pytest.raises(UserError, match=r"^python_models/scores/check_scores\.py:2: "):
        read_gates()


@pytest.mark.parametrize(
    ("layer", "gate"),
    [("staging", "inputs"), ("inputs", "inputs"), ("identity", "features"), ("labels", "features"),
     ("training", "scores"), ("scores", "scores"), ("publish", None), ("own", None), (None, None)],
)  # fmt: skip
def test_a_table_belongs_to_the_first_gate_behind_it(layer: str | None, gate: str | None) -> None:
    gates = [Gate(name, name, {}) for name in ("inputs", "features", "scores")]
    found = gate_for(layer, gates)
    assert (found.layer if found else None) == gate


def test_the_line_to_add_makes_a_gate_check_the_table(project: TinyProject) -> None:
    old = line_to_add("orders")
    gate = GATE.replace(old, f"{old}\n        {line_to_add('lines')}")
    project.write("python_models/scores/check_scores.py", gate)
    assert read_gates()[0].tables == {"orders": 9, "lines": 10}


def test_declared_tables_have_layer_columns_and_keys(project: TinyProject) -> None:
    project.write("python_models/training/_t__models.yml", "models: [{name: bare}]")
    project.write("models/inputs/_inputs__unit_tests.yml", "unit_tests: []")
    project.write("models/inputs/_empty.yml", "")
    declared = read_declared()
    assert declared["orders"].keys == [["order_id"]]
    assert declared["orders"].columns[:2] == ["order_id", "customer_id"]
    assert declared["lines"] == DeclaredTable(
        "scores", ["line_id", "order_id"], [["order_id", "line_id"]]
    )
    assert declared["bare"] == DeclaredTable("training")
