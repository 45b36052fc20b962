"""What is wrong with the suites of a project: each is held against its table and its gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regulars.errors import UserError
from regulars.gates.gated_tables import (
    PLACE,
    DeclaredTable,
    Gate,
    gate_for,
    line_to_add,
    read_declared,
    read_gates,
)
from regulars.gates.suggestion import did_you_mean
from regulars.gates.suite_problems import KnownTable, SuiteJudge
from regulars.gates.suites import parse_suite, read_suite_text, suite_names, suite_place
from regulars.gates.warehouse import Warehouse

BEHIND_THE_GATES = "it is built behind the last gate"


@dataclass(frozen=True)
class Inspection:
    """What a look at the suites found.

    Attributes:
        suites: how many were looked at.
        expectations: how many expectations they have, where that could be counted.
        problems: one line each, in order of files and lines.
    """

    suites: int
    expectations: int
    problems: list[str]


def inspect_suites(tables: Sequence[str], judge: SuiteJudge) -> Inspection:
    """Looks at suites without running them.

    Args:
        tables: those whose suites are looked at; all when there are none.
        judge: judges each of them.

    Raises:
        UserError: when a gate or a model's YAML can't be read.
    """
    names, gates, declared = suite_names(), read_gates(), read_declared()
    gated = [(gate, table, line) for gate in gates for table, line in gate.tables.items()]
    wanted = [name for name in names if name in tables] if tables else names
    problems = [
        f"{suite_place(table)}: there is no such suite{did_you_mean(table, names)}."
        for table in tables
        if table not in names and table not in [gated_table for _, gated_table, _ in gated]
    ]
    expectations = 0
    for table in wanted:
        try:
            text = read_suite_text(table)
        except UserError as error:
            problems.append(str(error))
            continue
        known = find_table(table, declared, judge.warehouse)
        problems += _of_place(table, known, gates, declared)
        problems += judge.problems(table, text, known)
        expectations += _count(table, text)
    problems += [
        f"{gate.file}:{line}: {table} has no suite: regulars expectations new {table}"
        for gate, table, line in gated
        if table not in names and (not tables or table in tables)
    ]
    return Inspection(len(wanted), expectations, problems)


def find_table(
    table: str, declared: Mapping[str, DeclaredTable], warehouse: Warehouse | None
) -> KnownTable | None:
    """The columns of a table: as it is built, else as its model declares them; None for neither."""
    model = declared.get(table)
    relation = warehouse.find(table, model.layer if model else None) if warehouse else None
    if warehouse and relation:
        columns = warehouse.columns(relation)
        unbuilt = frozenset(model.columns if model else ()) - columns.keys()
        return KnownTable(table, columns, relation, unbuilt)
    return KnownTable(table, dict.fromkeys(model.columns, "")) if model else None


def where_to_add(table: str, layer: str | None, gates: list[Gate]) -> str | None:
    """'add … to …', for a table that no gate reads; None when one does."""
    if any(table in gate.tables for gate in gates):
        return None
    gate = gate_for(layer, gates)
    if gate is None:
        return BEHIND_THE_GATES
    return f"add the line {line_to_add(table)} to {gate.file}"


def _of_place(
    table: str,
    known: KnownTable | None,
    gates: list[Gate],
    declared: Mapping[str, DeclaredTable],
) -> list[str]:
    """What is wrong with a suite's place in the project: its table or its gate is missing."""
    if known is None and not any(table in gate.tables for gate in gates):
        guess = did_you_mean(
            table, [name for name, model in declared.items() if model.layer in PLACE]
        )
        return [f"{suite_place(table, 1)}: there is no model {table}{guess}."]
    model = declared.get(table)
    missing = where_to_add(table, model.layer if model else None, gates)
    return [f"{suite_place(table, 1)}: no gate reads it: {missing}."] if missing else []


def _count(table: str, text: str) -> int:
    try:
        return len(parse_suite(table, text)["expectations"])
    except (UserError, TypeError, KeyError):
        return 0  # the problems say what it is instead
