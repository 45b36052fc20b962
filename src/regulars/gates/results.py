"""What a gate keeps of an expectation: enough to act on at night, and nothing personal."""

import json
import re
from typing import Any

import pyarrow as pa

from regulars.gates.personal import is_personal
from regulars.gates.wording import columns_of, is_shown, limits_of, observed_of

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

# the parts of a result that are kept; any other may hold values of rows, which may be personal
KEPT = (
    "element_count",
    "missing_count",
    "missing_percent",
    "unexpected_count",
    "unexpected_percent",
    "unexpected_percent_nonmissing",
    "unexpected_percent_total",
    "unexpected_index_column_names",
)
KEPT_DETAILS = ("mismatched", "success_details")

ENGINE_ERROR = re.compile(
    r"\b(Binder|Catalog|Constraint|Conversion|Invalid Input|IO|Out of Range|Parser) Error: "
)

# an expectation's name in the row of a suite that could not be checked at all
UNREADABLE = "suite_can_be_checked"


def result_row(validated: Any, meta: dict[str, Any]) -> dict[str, Any]:
    """One row of RESULT_SCHEMA, without the run: what one expectation found.

    Args:
        validated: Great Expectations' ExpectationValidationResult.
        meta: the suite's meta: which columns are keys, and whether values may be shown.
    """
    content = validated.to_json_dict()
    config, found = content["expectation_config"], content["result"]
    type_ = config["type"]
    arguments = {k: v for k, v in config["kwargs"].items() if k != "batch_id"}
    shows_values = bool(meta.get("shows_values"))
    keys = _failing_keys(found, meta.get("keys") or [], shows_values)
    message = _message(content["exception_info"])
    return {
        "expectation_number": config["meta"]["number"],
        "expectation": type_,
        "column_name": ", ".join(columns_of(arguments)) or None,
        "severity": config.get("severity") or "critical",
        "is_met": bool(content["success"]),
        "observed": f"could not be checked: {message}"
        if message
        else observed_of(type_, found, arguments, bool(content["success"]), shows_values),
        "limits": limits_of(type_, arguments, config.get("description")),
        "failing_keys": json.dumps(keys, default=str, ensure_ascii=False) if keys else None,
        "result": json.dumps(
            content
            | {
                "expectation_config": config | {"kwargs": arguments},
                "result": _kept(found, type_, arguments, shows_values)
                | ({"partial_unexpected_index_list": keys} if keys else {}),
                "exception_info": {
                    "raised_exception": bool(message),
                    "exception_message": message,
                    "exception_traceback": None,
                },
            },
            default=str,
            sort_keys=True,
            ensure_ascii=False,
        ),
    }


def unreadable_row(error: Exception) -> dict[str, Any]:
    """The row of a suite that could not be checked at all: it fails, critically."""
    return {
        "expectation_number": 0,
        "expectation": UNREADABLE,
        "column_name": None,
        "severity": "critical",
        "is_met": False,
        "observed": reason_of(str(error)),
        "limits": None,
        "failing_keys": None,
        "result": None,
    }


def reason_of(message: str) -> str:
    """An exception's message in one line, without its SQL and without values of rows."""
    said = " ".join(re.split(r"\[SQL:|\(Background on this error", message)[0].split())
    if "_duckdb." not in said and not ENGINE_ERROR.search(said):
        return said
    # the engine cites the value that it stumbled over, and the line of SQL that it stands in
    said = re.sub(r"\s*LINE \d+:.*|^\(_duckdb\.\w+\) ", "", said)
    if re.match(r"(Binder|Catalog|Parser) Error", said):
        return re.sub(r"'[^']*'", "'…'", said)  # names stand in double quotes
    return re.sub(r"'[^']*'|\"[^\"]*\"", "'…'", said)


def _kept(
    found: dict[str, Any], type_: str, arguments: dict[str, Any], shows_values: bool
) -> dict[str, Any]:
    kept = {name: found[name] for name in KEPT if name in found}
    details = {k: v for k, v in (found.get("details") or {}).items() if k in KEPT_DETAILS}
    if details:
        kept["details"] = details
    value = found.get("observed_value")
    if "observed_value" in found and is_shown(type_, value, columns_of(arguments), shows_values):
        kept["observed_value"] = value
    return kept


def _failing_keys(
    found: dict[str, Any], keys: list[str], shows_values: bool
) -> list[dict[str, Any]]:
    """The keys of some failing rows; with their values where the suite says so, never personal."""
    rows: list[dict[str, Any]] = []
    for row in found.get("partial_unexpected_index_list") or []:
        shown = {
            name: value
            for name, value in row.items()
            if (shows_values or name in keys) and not is_personal(name)
        }
        if shown and shown not in rows:  # of rows that are the same twice, one tells enough
            rows.append(shown)
    # the engine gives them in any order
    return sorted(rows, key=lambda row: json.dumps(row, default=str, sort_keys=True))


def _message(exception: dict[str, Any]) -> str | None:
    """What went wrong while checking: either one exception or one per metric."""
    if "raised_exception" in exception:
        exceptions = [exception]
    else:
        exceptions = [part for part in exception.values() if isinstance(part, dict)]
    messages = [part.get("exception_message") for part in exceptions if part["raised_exception"]]
    return reason_of(str(messages[0])) if messages else None
