"""dbt's own messages, as it wrote them, in one line that a person can use."""

import pytest

from regulars.building.messages import one_line

FRAMES = """\
Runtime Error in model score_churn (python_models/scores/score_churn.py)
  Python model failed:
  Traceback (most recent call last):
    File "/home/a/dbt/adapters/duckdb/environments/__init__.py", line 286, in run_python_job
      df = module.model(dbt, con)
           ^^^^^^^^^^^^^^^^^^^^^^
    File "/tmp/tmp888qa9qj.py", line 3, in model
      raise UserError("…")
"""

MESSAGES = {
    "a raise in a hook's macro": (
        "Compilation Error in model stg_shop__events (models/staging/shop/stg_shop__events.sql)\n"
        "  Raw table raw_shop.orders has no column total: load it.\n"
        "  \n"
        "  > in macro check_raw_table (macros/staging/check_source_columns.sql)\n"
        "  > called by macro check_source_columns (macros/staging/check_source_columns.sql)\n"
        "  > called by model stg_shop__events (models/staging/shop/stg_shop__events.sql)",
        "Raw table raw_shop.orders has no column total: load it.",
    ),
    "a column that isn't there": (
        "Runtime Error in model m (models/m.sql)\n"
        '  Binder Error: Referenced column "nosuch" not found in FROM clause!\n'
        '  Candidate bindings: "country", "customer_id"',
        'Binder Error: Referenced column "nosuch" not found in FROM clause!'
        ' Candidate bindings: "country", "customer_id"',
    ),
    "a syntax error, with the place underlined": (
        "Runtime Error in model m (models/m.sql)\n"
        '  Parser Error: syntax error at or near "frm"\n'
        "  \n"
        "  LINE 5:     select 1 as a frm x\n"
        "                            ^^^",
        'Parser Error: syntax error at or near "frm" LINE 5: select 1 as a frm x',
    ),
    "a database error": (
        "Database Error in model m (models/m.sql)\n"
        "  Division by zero\n"
        "  compiled code at target/run/regulars/models/m.sql",
        "Division by zero",
    ),
    "a test that found rows": (
        "Got 1 result, configured to fail if != 0",
        "Got 1 result, configured to fail if != 0",
    ),
    "an unknown ref": (
        "Compilation Error\n"
        "  Model 'model.regulars.m' (models/m.sql) depends on a node named 'x' which was not found",
        "Model 'model.regulars.m' (models/m.sql) depends on a node named 'x' which was not found",
    ),
    "an unknown target": (
        "Runtime Error\n"
        "  The profile 'regulars' does not have a target named 'x'. The valid target names are:\n"
        "   - demo\n"
        "   - retail",
        "The profile 'regulars' does not have a target named 'x'. The valid target names are:"
        " - demo - retail",
    ),
    "our own error in a Python model": (
        f"{FRAMES}  regulars.errors.UserError: The champion lacks x: run again.\n  ",
        "The champion lacks x: run again.",
    ),
    "our own error that quotes another": (
        f"{FRAMES}  regulars.errors.UserError: a.duckdb can't be read (IO Error: bad): move it.\n",
        "a.duckdb can't be read (IO Error: bad): move it.",
    ),
    "an error of several lines in a Python model": (
        f"{FRAMES}"
        '  _duckdb.BinderException: Binder Error: Referenced column "x" not found!\n'
        '  Candidate bindings: "is_touch"\n'
        "  ",
        'Binder Error: Referenced column "x" not found! Candidate bindings: "is_touch"',
    ),
    "an error with a cause": (
        f"{FRAMES}"
        "  KeyError: 'a'\n"
        "  \n"
        "  The above exception was the direct cause of the following exception:\n"
        "  \n"
        "  Traceback (most recent call last):\n"
        '    File "/tmp/tmp8.py", line 3, in model\n'
        "  ValueError: there is no a\n",
        "there is no a",
    ),
    "an error that says only a name": (f"{FRAMES}  KeyError: 'rounds'\n", "KeyError: 'rounds'"),
    "an error that says nothing": (f"{FRAMES}  AssertionError\n  ", "AssertionError"),
    "no message": ("", ""),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_one_line(case: str) -> None:
    message, line = MESSAGES[case]
    assert one_line(message) == line
