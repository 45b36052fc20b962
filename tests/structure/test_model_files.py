"""Model files are short and headed by the grain; Python models are shims over the package."""

import ast
from pathlib import Path

import pytest

from tests.structure.project import ROOT

SQL_MODELS = sorted((ROOT / "models").rglob("*.sql"))
PYTHON_MODELS = sorted((ROOT / "python_models").rglob("*.py"))

MOST_SQL_LINES = 120
MOST_HEADER_LINES = 4
MOST_SHIM_LINES = 30
ASKS_FOR_PANDAS = {"df", "to_df", "to_pandas", "fetchdf"}


def faults_of_sql(text: str) -> list[str]:
    """What is wrong with the text of a SQL model."""
    lines = text.splitlines()
    header = next(
        (number for number, line in enumerate(lines) if not line.startswith("--")), len(lines)
    )
    faults = []
    if len(lines) > MOST_SQL_LINES:
        faults.append(f"{len(lines)} lines, at most {MOST_SQL_LINES}: split it")
    if not text.startswith("-- One row"):
        faults.append("must begin with '-- One row'")
    if header > MOST_HEADER_LINES:
        faults.append(f"a header of {header} lines, at most {MOST_HEADER_LINES}")
    if "\t" in text:
        faults.append("a tab: indent with spaces")
    if not text.endswith("\n") or text.endswith("\n\n"):
        faults.append("must end with one line break")
    if lines and not lines[-1].strip():
        faults.append("blank lines at the end")
    return faults


def faults_of_shim(text: str) -> list[str]:
    """What is wrong with the text of a Python model: it may only import from regulars and call."""
    tree = ast.parse(text)
    functions = [part for part in tree.body if isinstance(part, ast.FunctionDef)]
    faults = []
    if len(text.splitlines()) > MOST_SHIM_LINES:
        faults.append(f"more than {MOST_SHIM_LINES} lines: the logic belongs in src/regulars")
    if not (ast.get_docstring(tree) or "").startswith("One row"):
        faults.append("its docstring must begin with 'One row'")
    if [function.name for function in functions] != ["model"]:
        faults.append("must define the one function model")
    for part in tree.body[1:]:
        if isinstance(part, ast.ImportFrom) and (part.module or "").split(".")[0] == "regulars":
            continue
        if not isinstance(part, ast.FunctionDef):
            faults.append(f"line {part.lineno}: only imports from regulars and model belong here")
    for part in (inner for function in functions for inner in ast.walk(function)):
        if isinstance(part, (ast.Import, ast.ImportFrom)):
            faults.append(f"line {part.lineno} imports inside the function")
        if isinstance(part, (ast.For, ast.While, ast.If, ast.IfExp, ast.Try, ast.comprehension)):
            faults.append("holds a branch or a loop: logic belongs in src/regulars")
        if isinstance(part, ast.Attribute) and part.attr in ASKS_FOR_PANDAS:
            faults.append(f"line {part.lineno} asks for pandas")
    return faults


def label(path: Path) -> str:
    """A file's path as the test's name."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SQL_MODELS, ids=label)
def test_a_sql_model_is_short_and_says_its_grain(path: Path) -> None:
    assert faults_of_sql(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", PYTHON_MODELS, ids=label)
def test_a_python_model_is_a_shim(path: Path) -> None:
    assert faults_of_shim(path.read_text(encoding="utf-8")) == []


GOOD_SQL = "-- One row per customer.\n-- Why: nobody else has it.\n\nselect 1 as one\n"


@pytest.mark.parametrize(
    "text",
    [
        GOOD_SQL + "-- more\n" * 120,
        "\n" + GOOD_SQL,
        "select 1 as one\n",
        "-- A row per customer.\n\nselect 1 as one\n",
        "-- One row per customer.\n-- 2\n-- 3\n-- 4\n-- 5\n\nselect 1 as one\n",
        GOOD_SQL.replace("select 1", "\tselect 1"),
        GOOD_SQL.rstrip(),
        GOOD_SQL + "\n",
    ],
)
def test_a_fault_of_a_sql_model_is_noticed(text: str) -> None:
    assert faults_of_sql(GOOD_SQL) == []
    assert faults_of_sql(text) != []


GOOD_SHIM = '''"""One row per customer: the score."""

from regulars.scoring.score import score_current


def model(dbt, session):
    return score_current(session, dbt.ref("champions"))
'''


@pytest.mark.parametrize(
    "text",
    [
        GOOD_SHIM + "# more\n" * 30,
        GOOD_SHIM.replace("One row", "A row"),
        GOOD_SHIM.replace("from regulars.scoring.score", "from pandas"),
        GOOD_SHIM.replace("from regulars.scoring.score", "from regulars_other"),
        GOOD_SHIM.replace("from regulars", "import numpy\nfrom regulars"),
        GOOD_SHIM.replace("    return", "    import pandas\n    return"),
        GOOD_SHIM.replace('("champions")', '("champions").df()'),
        GOOD_SHIM + "\n\ndef helper():\n    return 1\n",
        GOOD_SHIM + "\nLIMIT = 10\n",
        GOOD_SHIM.replace("def model", "def other"),
        GOOD_SHIM.replace("    return", "    for _ in range(3):\n        pass\n    return"),
        GOOD_SHIM.replace("    return", "    if session:\n        pass\n    return"),
    ],
)
def test_a_fault_of_a_shim_is_noticed(text: str) -> None:
    assert faults_of_shim(GOOD_SHIM) == []
    assert faults_of_shim(text) != []
