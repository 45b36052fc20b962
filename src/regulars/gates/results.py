"""What a gate keeps of an expectation: enough to act on at night, and nothing personal."""

import json
from typing import Any

import pyarrow as pa

RESULT_SCHEMA = pa.schema(
    {
        "run_id": pa.string(),
        "gate": pa.string(),
        "suite": pa.string(),
        "expectation_number": pa.int32(),
        "expectation": pa.string(),
        "column_name": pa.string(),
        "severity": pa.string(),
        "is_met": pa.bool_(),
        "observed": pa.string(),
        "limits": pa.string(),
        "failing_keys": pa.string(),
        "result": pa.string(),
        "code_version": pa.string(),
    }
)

# parts of a result that hold values of rows, which may be personal
VALUES_OF_ROWS = (
    "partial_unexpected_list",
    "partial_unexpected_counts",
    "partial_unexpected_index_list",
    "unexpected_list",
    "unexpected_index_list",
    "unexpected_index_query",
    "partial_missing_list",
)
COLUMN_ARGUMENTS = ("column", "column_A", "column_B", "column_list", "column_set")


def result_row(validated: Any, meta: dict[str, Any]) -> dict[str, Any]:
    """One row of RESULT_SCHEMA, without the run: what one expectation found.

    Args:
        validated: Great Expectations' ExpectationValidationResult.
        meta: the suite's meta: which columns are keys, and whether values may be shown.
    """
    content = validated.to_json_dict()
    config, found = content["expectation_config"], content["result"]
    arguments = {k: v for k, v in config["kwargs"].items() if k != "batch_id"}
    keys = _failing_keys(found, meta)
    kept = {k: v for k, v in found.items() if k not in VALUES_OF_ROWS}
    return {
        "expectation_number": config["meta"]["number"],
        "expectation": config["type"],
        "column_name": _columns(arguments),
        "severity": config.get("severity") or "critical",
        "is_met": bool(content["success"]),
        "observed": _observed(found, content["exception_info"]),
        "limits": limits_of(arguments),
        "failing_keys": json.dumps(keys, default=str) if keys else None,
        "result": json.dumps(
            content
            | {
                "result": kept | ({"partial_unexpected_index_list": keys} if keys else {}),
                "exception_info": {"raised_exception": False, "exception_message": None},
            },
            default=str,
            sort_keys=True,
        ),
    }


def unreadable_row(reason: str) -> dict[str, Any]:
    """The row of a suite that could not be checked at all: it fails, critically."""
    return {
        "expectation_number": 0,
        "expectation": "suite_can_be_checked",
        "column_name": None,
        "severity": "critical",
        "is_met": False,
        "observed": reason,
        "limits": None,
        "failing_keys": None,
        "result": None,
    }


def limits_of(arguments: dict[str, Any]) -> str | None:
    """An expectation's arguments as a person would say them: 'at most 0.2, for 99% of rows'."""
    rest = {k: v for k, v in arguments.items() if k not in COLUMN_ARGUMENTS and v is not None}
    least, most = rest.pop("min_value", None), rest.pop("max_value", None)
    above, below = rest.pop("strict_min", False), rest.pop("strict_max", False)
    said = []
    if least is not None:
        said.append(f"{'above' if above else 'at least'} {least}")
    if most is not None:
        said.append(f"{'below' if below else 'at most'} {most}")
    if "value_set" in rest:
        said.append("one of " + ", ".join(map(str, rest.pop("value_set"))))
    mostly = rest.pop("mostly", 1)
    said += [f"{name} {json.dumps(value, default=str)}" for name, value in sorted(rest.items())]
    if mostly != 1:
        said.append(f"for {100 * float(mostly):g}% of rows")
    return ", ".join(said) or None


def _columns(arguments: dict[str, Any]) -> str | None:
    named = [arguments[name] for name in COLUMN_ARGUMENTS if arguments.get(name)]
    columns = [column for part in named for column in ([part] if isinstance(part, str) else part)]
    return ", ".join(columns) or None


def _failing_keys(found: dict[str, Any], meta: dict[str, Any]) -> list[dict[str, Any]]:
    rows = found.get("partial_unexpected_index_list") or []
    shown = None if meta.get("shows_values") else set(meta.get("keys", []))
    return [
        {name: value for name, value in row.items() if shown is None or name in shown}
        for row in rows
    ]


def _observed(found: dict[str, Any], exception: dict[str, Any]) -> str | None:
    if message := _message(exception):
        return f"could not be checked: {message}"
    if "unexpected_count" in found and "element_count" in found:
        return f"{found['unexpected_count']:,} of {found['element_count']:,} rows fail"
    if "details" in found and "mismatched" in found["details"]:
        return json.dumps(found["details"]["mismatched"])
    value = found.get("observed_value")
    return None if value is None else json.dumps(value, default=str)


def _message(exception: dict[str, Any]) -> str | None:
    """What went wrong while checking: either one exception or one per metric."""
    if "raised_exception" in exception:
        exceptions = [exception]
    else:
        exceptions = [part for part in exception.values() if isinstance(part, dict)]
    messages = [part.get("exception_message") for part in exceptions if part["raised_exception"]]
    return " ".join(str(messages[0]).split()) if messages else None
