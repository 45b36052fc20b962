"""What a person reads at the end of a run."""

from pathlib import Path
from typing import Any

from regulars.building.run import Outcome
from regulars.building.status import Status

MOST_EXPECTATIONS = 10
MOST_KEYS = 3
RESULTS = "monitoring.expectation_results"
GUIDE = "docs/guides/red-gate.md"


def report_lines(outcome: Outcome, status: Status, published: Path) -> list[str]:
    """How a run ended: a line for what failed each, then one that says what to do.

    Args:
        outcome: how the run ended.
        status: the same as status.json tells it, with its gates.
        published: the folder that BI reads for this target.
    """
    lines = [f"Failed: {failure.node}: {failure.message}" for failure in outcome.failures]
    critical = [e for e in status["failed_expectations"] if e.get("severity") == "critical"]
    lines += [f"Critical: {expectation_line(e)}" for e in critical[:MOST_EXPECTATIONS]]
    if len(critical) > MOST_EXPECTATIONS:
        lines.append(f"Critical: and {len(critical) - MOST_EXPECTATIONS} more expectations.")
    warnings = sum(gate.get("warnings") or 0 for gate in status["gates"])
    if warnings:
        lines.append(f"Warnings of gates: {warnings}; table {RESULTS} says which.")
    return [*lines, _last_line(outcome, bool(critical), published)]


def expectation_line(failed: dict[str, Any]) -> str:
    """A failed expectation as a person would say it: what, what was seen, what is allowed, where.

    >>> expectation_line({"suite": "s", "column": "c", "observed": "3", "limits": "at most 2"})
    's.c: 3 (limits: at most 2)'
    """
    kind = str(failed.get("expectation") or "").removeprefix("expect_")
    place = f"{failed['suite']}.{failed['column']}" if failed.get("column") else failed["suite"]
    observed = failed.get("observed")
    said = "nothing to see" if observed is None else str(observed)
    allowed = f"limits: {failed['limits']}" if failed.get("limits") else kind
    line = f"{place}: {said}" + (f" ({allowed})" if allowed else "")
    keys = [
        "/".join(str(value) for name, value in key.items() if name != failed.get("column"))
        for key in failed.get("failing_keys") or []
    ]
    if keys:
        more = f" and {len(keys) - MOST_KEYS} more" if len(keys) > MOST_KEYS else ""
        line += f" for {', '.join(keys[:MOST_KEYS])}{more}"
    return " ".join(line.split())


def _last_line(outcome: Outcome, is_gate_red: bool, published: Path) -> str:
    as_before = "what was published before is as it was"
    if outcome.is_green:
        where = f" Published: {published}" if outcome.is_published else ""
        return f"{outcome.nodes} nodes built.{where}"
    if outcome.is_interrupted:
        ended = f"Stopped after {outcome.nodes} of {outcome.planned} nodes"
    else:
        ended = (
            f"{len(outcome.failures)} of {outcome.nodes} nodes failed,"
            f" {outcome.skipped} were skipped"
        )
    line = (
        f"{ended}; {f'this run is published: {published}' if outcome.is_published else as_before}."
    )
    if is_gate_red:
        line += f" All results: table {RESULTS}. What to do: {GUIDE}"
    return line
