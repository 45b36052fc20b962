"""Nothing of the product reads what is true of the made-up world: only benchmarks and tests may."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.structure.project import ROOT, Manifest

# the schema, as SQL, YAML, JSON or Python would name it
TRUTH = re.compile(r"\btruth\s*\.|schema:\s*truth\b|[\"'`]truth[\"'`]", re.IGNORECASE)
DEMO = ROOT / "src" / "regulars" / "demo"
MAKES_THE_DEMO = ROOT / "src" / "regulars" / "cli.py"
TEXTS = {".sql", ".py", ".yml", ".json", ".csv", ".toml"}


def product_files() -> Iterator[Path]:
    """Everything that runs for a user, but what makes the world up."""
    folders = ("models", "macros", "python_models", "seeds", "expectations", "src", "tests")
    for folder in folders:
        for file in (ROOT / folder).rglob("*"):
            is_test = folder == "tests" and file.suffix != ".sql"
            if file.suffix in TEXTS and DEMO not in file.parents and not is_test:
                yield file
    yield from (ROOT / name for name in ("dbt_project.yml", "profiles.yml", "selectors.yml"))


def modules_imported_in(python: str) -> list[str]:
    """Names of the modules that a Python text imports."""
    found = []
    for statement in ast.walk(ast.parse(python)):
        if isinstance(statement, ast.Import):
            found += [alias.name for alias in statement.names]
        if isinstance(statement, ast.ImportFrom) and statement.module:
            found.append(statement.module)
    return found


FILES = sorted(file for file in product_files() if file.exists())


def test_the_files_of_the_product_are_looked_at() -> None:
    names = {file.relative_to(ROOT).as_posix() for file in FILES}
    assert {"models/identity/identity_map.sql", "src/regulars/cli.py", "dbt_project.yml"} <= names
    assert len(FILES) > 150


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_no_file_names_the_truth(file: Path) -> None:
    assert not TRUTH.findall(file.read_text())


@pytest.mark.parametrize(
    "file",
    [file for file in FILES if file.suffix == ".py" and file != MAKES_THE_DEMO],
    ids=lambda file: file.relative_to(ROOT).as_posix(),
)
def test_no_module_imports_the_demo(file: Path) -> None:
    imported = modules_imported_in(file.read_text())
    assert not [name for name in imported if name.startswith("regulars.demo")]


def test_no_source_and_no_model_stands_in_the_schema(manifest: Manifest) -> None:
    schemas = {source["schema"] for source in manifest["sources"].values()}
    schemas |= {node["schema"] for node in manifest["nodes"].values() if "schema" in node}
    assert "truth" not in schemas
    assert "raw_shop" in schemas


@pytest.mark.parametrize(
    "text",
    [
        "select * from truth.persons",
        "select * from {{ target.database }}.Truth . hazards",
        "    schema: truth",
        "adapter.get_relation(target.database, 'truth', 'persons')",
    ],
)
def test_a_text_that_names_it_is_noticed(text: str) -> None:
    assert TRUTH.findall(text)


def test_an_import_of_the_demo_is_noticed() -> None:
    assert modules_imported_in("from regulars.demo.truth import of_block") == [
        "regulars.demo.truth"
    ]
