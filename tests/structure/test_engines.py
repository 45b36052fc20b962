"""Only macros/cross_db and src/regulars/engines know an engine."""

import ast
import re
from pathlib import Path

import pytest

from tests.structure.project import ROOT

# A model or macro that asks which engine it runs on, or names one, belongs in macros/cross_db.
ENGINE_IN_SQL = re.compile(
    r"\b(duckdb|snowflake)|\btarget\s*\.\s*type\b|\badapter\s*\.\s*type\b", re.IGNORECASE
)

# Packages that speak to one engine. loading/ and demo/ write raw tables into the embedded file,
# before dbt and its engine come in; the commands publication/ and <layer>/command.py show what
# stands in it. What runs inside a warehouse (gates/check.py) knows none.
ENGINE_PACKAGES = {"duckdb", "snowflake"}
MAY_IMPORT_AN_ENGINE = (
    *("engines/", "loading/", "demo/", "building/", "publication/", "packaging/"),
    *("gates/command.py", "identity/command.py", "training/command.py"),
)

SQL_FILES = sorted(
    path
    for folder in ("models", "macros", "tests")
    for path in (ROOT / folder).rglob("*.sql")
    if "cross_db" not in path.parts
)
PYTHON_FILES = sorted(
    path
    for path in (ROOT / "src" / "regulars").rglob("*.py")
    if not path.relative_to(ROOT / "src" / "regulars").as_posix().startswith(MAY_IMPORT_AN_ENGINE)
)


def engines_named_in(sql: str) -> list[str]:
    """The places of a SQL text that know an engine."""
    return [match.group(0) for match in ENGINE_IN_SQL.finditer(sql)]


def engines_imported_in(python: str) -> list[str]:
    """The engines that a Python text imports, our own modules for one engine included."""
    modules = []
    for statement in ast.walk(ast.parse(python)):
        if isinstance(statement, ast.Import):
            modules += [alias.name for alias in statement.names]
        if isinstance(statement, ast.ImportFrom) and statement.module:
            modules.append(statement.module)
    return [
        module
        for module in modules
        if module.split(".")[0] in ENGINE_PACKAGES or module.startswith("regulars.engines.")
    ]


def label(path: Path) -> str:
    """A file's path as the test's name."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SQL_FILES, ids=label)
def test_sql_knows_no_engine(path: Path) -> None:
    assert engines_named_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", PYTHON_FILES, ids=label)
def test_python_imports_no_engine(path: Path) -> None:
    assert engines_imported_in(path.read_text(encoding="utf-8")) == []


def test_an_engine_in_sql_is_noticed() -> None:
    assert engines_named_in("{% if target.type == 'x' %}") == ["target.type"]
    assert engines_named_in("{% macro snowflake__utc(column) %}") == ["snowflake"]
    assert engines_named_in("select * from duckdb_tables()") == ["duckdb"]
    assert engines_named_in("{% if target.name == 'dev' %}") == []


def test_an_engine_in_python_is_noticed() -> None:
    assert engines_imported_in("import duckdb") == ["duckdb"]
    assert engines_imported_in("def f():\n    from snowflake.snowpark import Session") == [
        "snowflake.snowpark"
    ]
    assert engines_imported_in("from regulars.engines.duckdb import DuckdbEngine") == [
        "regulars.engines.duckdb"
    ]
    assert engines_imported_in("from regulars.engines import engine_of") == []
