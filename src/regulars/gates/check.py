"""Runs the suites of a gate's tables inside the warehouse: one row per expectation."""

import logging
import os
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

import regulars
from regulars.engines import Engine
from regulars.errors import UserError
from regulars.gates.results import RESULT_SCHEMA, result_row, unreadable_row
from regulars.gates.suites import read_suite, suite_place

# how many failing keys a result shows
SAMPLE = 5

SAYS_WHY = "regulars expectations check names the line."


def check_tables(engine: Engine, gate: str, tables: Mapping[str, Any]) -> pa.Table:
    """Validates every table against its suite. Never raises: what is wrong stands in a row.

    Args:
        gate: the gate's name: inputs, features or scores.
        tables: relations by the name of their table, which is the name of their suite.

    Returns:
        A table of RESULT_SCHEMA: one row per expectation, in the order of tables and suites.
    """
    gx = import_great_expectations()
    shared = {
        "run_id": engine.run_id(),
        "gate": gate,
        "code_version": f"regulars {regulars.__version__}, great_expectations {gx.__version__}",
    }
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    source = context.data_sources.add_sql(
        "warehouse", create_temp_table=False, **engine.expectations_connection()
    )
    rows = [
        shared | {"suite": table} | row
        for table, relation in tables.items()
        for row in _check(gx, source, engine, table, relation)
    ]
    return pa.Table.from_pylist(rows, schema=RESULT_SCHEMA)


def import_great_expectations() -> Any:
    """Great Expectations without its usage statistics and its log; the import takes seconds, so
    only who gates pays for it."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    # what goes wrong stands in a row; the log would say it again, values of rows included
    log = logging.getLogger("great_expectations")
    log.handlers, log.propagate = [logging.NullHandler()], False
    return gx


def to_suite(gx: Any, content: dict[str, Any]) -> Any:
    """A suite's JSON as Great Expectations' object; each expectation's meta gets its number.

    Raises:
        UserError: naming the file, and what Great Expectations has against it.
    """
    try:
        numbered = [
            expectation | {"meta": (expectation.get("meta") or {}) | {"number": number}}
            for number, expectation in enumerate(content["expectations"], start=1)
        ]
        suite = gx.ExpectationSuite(**(content | {"expectations": numbered}))
    except Exception as error:  # Great Expectations has no one error for a bad suite
        reason = " ".join(str(error).split())
        raise UserError(f"{suite_place(content['name'])}: {reason}: {SAYS_WHY}") from error
    # it leaves out what it doesn't know, with no more than a line in its log
    taken = {expectation.meta["number"] for expectation in suite.expectations}
    unknown = [
        f"{expectation['meta']['number']} ({expectation.get('type')})"
        for expectation in numbered
        if expectation["meta"]["number"] not in taken
    ]
    if unknown:
        raise UserError(
            f"{suite_place(content['name'])}: Great Expectations knows no expectation"
            f" {', '.join(unknown)}: {SAYS_WHY}"
        )
    return suite


def _check(gx: Any, source: Any, engine: Engine, table: str, relation: Any) -> list[dict[str, Any]]:
    """The rows of one table, or one row that says why it could not be checked."""
    try:
        content = read_suite(table)
        suite = to_suite(gx, content)
        batch = (
            source.add_table_asset(table, **engine.expectations_table(table, relation))
            .add_batch_definition_whole_table(table)
            .get_batch()
        )
        meta = content.get("meta") or {}
        form = {"result_format": "SUMMARY", "partial_unexpected_count": SAMPLE}
        if meta.get("keys"):
            form["unexpected_index_column_names"] = meta["keys"]
        validated = batch.validate(suite, result_format=form)
        rows = [result_row(result, meta) for result in validated.results]
        return sorted(rows, key=lambda row: row["expectation_number"])
    except Exception as error:  # a gate that can't check is red, and says why
        return [unreadable_row(error)]
