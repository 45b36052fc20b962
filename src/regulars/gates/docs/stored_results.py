"""What a run's gates stored, as Great Expectations' own results again."""

import json
from itertools import groupby
from typing import Any

from regulars.gates.journal import Run

# the meta of a suite's result and of each expectation's: what our pages say beside its own
OURS = "regulars"

# the gates in the order in which a run comes to them
GATES = ["inputs", "features", "scores"]


def suite_results(gx: Any, run: Run, rows: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
    """A run's results by suite, in the order in which the gates checked them.

    Args:
        gx: Great Expectations.
        run: the run that they are of.
        rows: its rows of journal.expectation_results.

    Returns:
        The key and the ExpectationSuiteValidationResult of each suite.
    """
    return [
        _suite_result(gx, run, place, suite, list(found))
        for place, ((_, suite), found) in enumerate(
            groupby(_in_order(rows), key=lambda row: (row["gate"], row["suite"]))
        )
    ]


def _in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Gates as data flows, suites by name, expectations as they stand in their suite."""
    return sorted(
        rows,
        key=lambda row: (
            GATES.index(row["gate"]) if row["gate"] in GATES else len(GATES),
            row["gate"],
            row["suite"],
            row["expectation_number"],
        ),
    )


def _suite_result(
    gx: Any, run: Run, place: int, suite: str, rows: list[dict[str, Any]]
) -> tuple[Any, Any]:
    from great_expectations.core.expectation_validation_result import (
        ExpectationSuiteValidationResult,
    )
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    first = rows[0]
    met = sum(bool(row["is_met"]) for row in rows)
    meta = {
        "great_expectations_version": gx.__version__,
        "run_id": {"run_name": run.run_id, "run_time": first["checked_at"].isoformat()},
        "active_batch_definition": {"data_asset_name": suite},
        OURS: {
            "place": place,
            "gate": first["gate"],
            "run_id": run.run_id,
            "outcome": run.outcome,
            "checked_at": f"{first['checked_at']:%Y-%m-%d %H:%M} UTC",
            "code_version": first["code_version"],
        },
    }
    result = ExpectationSuiteValidationResult(
        success=not any(_stops(row) for row in rows),
        results=[_expectation_result(row) for row in rows],
        suite_name=suite,
        statistics={
            "evaluated_expectations": len(rows),
            "successful_expectations": met,
            "unsuccessful_expectations": len(rows) - met,
            "success_percent": 100 * met / len(rows),
        },
        meta=meta,
    )
    key = ValidationResultIdentifier(
        expectation_suite_identifier=ExpectationSuiteIdentifier(name=suite),
        run_id=RunIdentifier(run_name=run.run_id, run_time=first["checked_at"]),
        batch_identifier=first["gate"],
    )
    return key, result


def _stops(row: dict[str, Any]) -> bool:
    """Whether an expectation stopped the run."""
    return not row["is_met"] and row["severity"] == "critical"


def _expectation_result(row: dict[str, Any]) -> Any:
    """One expectation's result; of a suite that could not be checked, one made up for that."""
    from great_expectations.core.expectation_validation_result import (
        ExpectationValidationResult,
        ExpectationValidationResultSchema,
    )
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    if row["result"]:
        result = ExpectationValidationResultSchema().load(json.loads(row["result"]))
    else:
        config = ExpectationConfiguration(type=row["expectation"], kwargs={})
        result = ExpectationValidationResult(
            success=False, expectation_config=config, meta={}, result={}
        )
    result.meta = {
        OURS: {
            "is_met": bool(row["is_met"]),
            "severity": row["severity"],
            "column": row["column_name"],
            "observed": row["observed"],
            "limits": row["limits"],
            "failing_keys": json.loads(row["failing_keys"] or "[]"),
        }
    }
    return result
