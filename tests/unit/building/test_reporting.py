"""What stands on the terminal at the end of a run."""

from pathlib import Path
from typing import Any

import pytest

from regulars.building.reporting import expectation_line, report_lines
from regulars.building.run import Failure, Outcome

PUBLISHED = Path("/data/published/demo")
FAILED: dict[str, Any] = {
    "gate": "inputs",
    "suite": "input_volume_changes",
    "expectation": "expect_column_values_to_be_between",
    "column": "quarantined_share",
    "severity": "critical",
    "observed": "0.31",
    "limits": "at most 0.2",
    "failing_keys": [{"source_name": "shop", "input_name": "events"}],
}


def lines(outcome: Outcome, **status: Any) -> list[str]:
    return report_lines(outcome, {"gates": [], "failed_expectations": []} | status, PUBLISHED)


def test_a_good_run_says_where_it_published() -> None:
    assert lines(Outcome(nodes=216, is_published=True)) == [
        "216 nodes built. Published: /data/published/demo"
    ]


def test_a_run_without_publish_claims_none() -> None:
    assert lines(Outcome(nodes=3)) == ["3 nodes built."]


def test_a_red_run_has_a_line_per_failure() -> None:
    outcome = Outcome(nodes=9, failures=[Failure("a", "no"), Failure("b", "never")], skipped=3)
    assert lines(outcome) == [
        "Failed: a: no",
        "Failed: b: never",
        "2 of 9 nodes failed, 3 were skipped; what was published before is as it was.",
    ]


def test_a_red_gate_shows_what_was_seen_and_says_what_to_do() -> None:
    outcome = Outcome(nodes=9, failures=[Failure("gate_inputs", "is red")], skipped=3)
    warning = FAILED | {"severity": "warning"}
    assert lines(outcome, failed_expectations=[FAILED, warning]) == [
        "Failed: gate_inputs: is red",
        "Critical: input_volume_changes.quarantined_share: 0.31 (limits: at most 0.2)"
        " for shop/events",
        "1 of 9 nodes failed, 3 were skipped; what was published before is as it was."
        " All results: table monitoring.expectation_results. What to do: docs/guides/red-gate.md",
    ]


def test_at_most_ten_expectations_are_shown() -> None:
    outcome = Outcome(nodes=9, failures=[Failure("gate_inputs", "is red")])
    said = lines(outcome, failed_expectations=[FAILED] * 13)
    assert sum(line.startswith("Critical: input_volume") for line in said) == 10
    assert said[-2] == "Critical: and 3 more expectations."


def test_warnings_have_one_line_on_a_good_run_too() -> None:
    gates = [{"gate": "inputs", "warnings": 2}, {"gate": "scores", "warnings": 1}]
    assert lines(Outcome(nodes=9, is_published=True), gates=gates) == [
        "Warnings of gates: 3; table monitoring.expectation_results says which.",
        "9 nodes built. Published: /data/published/demo",
    ]


def test_a_run_that_published_before_something_failed_does_not_deny_it() -> None:
    outcome = Outcome(nodes=9, failures=[Failure("t", "no")], is_published=True)
    assert lines(outcome)[-1] == (
        "1 of 9 nodes failed, 0 were skipped; this run is published: /data/published/demo."
    )


def test_a_run_that_was_stopped_says_how_far_it_came() -> None:
    assert lines(Outcome(nodes=34, planned=270, is_interrupted=True)) == [
        "Stopped after 34 of 270 nodes; what was published before is as it was."
    ]


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"failing_keys": []}, "s.c: 0.31 (limits: at most 0.2)"),
        (
            {"failing_keys": [{"source_name": "shop", "c": 0.31}]},
            "s.c: 0.31 (limits: at most 0.2) for shop",
        ),
        ({"limits": None}, "s.c: 0.31 (column_values_to_be_between) for shop/events"),
        ({"column": None}, "s: 0.31 (limits: at most 0.2) for shop/events"),
        ({"observed": None}, "s.c: nothing to see (limits: at most 0.2) for shop/events"),
        ({"observed": "a\nb"}, "s.c: a b (limits: at most 0.2) for shop/events"),
        (
            {"failing_keys": [{"id": n} for n in range(5)]},
            "s.c: 0.31 (limits: at most 0.2) for 0, 1, 2 and 2 more",
        ),
    ],
)
def test_an_expectation_in_one_line(changed: dict[str, Any], line: str) -> None:
    assert expectation_line(FAILED | {"suite": "s", "column": "c"} | changed) == line
