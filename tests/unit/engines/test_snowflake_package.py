"""The zip that Python models of Snowflake import, and the packages that stand beside it."""

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import dbt_regulars
from regulars.cli import cli
from regulars.engines.snowflake_function import PACKAGES as OF_FUNCTIONS
from regulars.engines.snowflake_package import BUNDLED, PACKAGE, write_package
from regulars.errors import UserError
from tests.worlds import PROJECT

SOURCE = PROJECT / "src"
# package → its module, where they differ
MODULES = {
    "great-expectations": "great_expectations",
    "python-duckdb": "duckdb",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
    "snowflake-snowpark-python": "snowflake",
}
# what no import names: SQLAlchemy finds it by the address, and functions get pandas' frames
NOT_IMPORTED = {"snowflake-sqlalchemy", "pandas"}
# what the bundled packages import
OF_BUNDLED = {"sqlglot"}
# engines and commands that no procedure comes to
OTHER_SIDE = ("regulars.engines.duckdb", "regulars.engines.dbt_plugin")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_package(tmp_path_factory.mktemp("package"), PROJECT / "expectations")


def file_of(module: str) -> Path | None:
    """The source of a module of this package."""
    path = SOURCE / module.replace(".", "/")
    found = [file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()]
    return found[0] if found else None


def imports_of(file: Path) -> set[str]:
    """The modules that a file imports anywhere, those for types alone left out."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for_types = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def third_party(files: list[Path], left_out: tuple[str, ...] = OTHER_SIDE) -> set[str]:
    """The modules of others that files import, and all of ours that they come to."""
    found: set[str] = set()
    done: set[Path] = set()
    while files:
        file = files.pop()
        if file in done:
            continue
        done.add(file)
        for module in imports_of(file):
            if any(f"{module}.".startswith(f"{other}.") for other in left_out):
                continue
            if module.split(".")[0] != "regulars":
                found.add(module.split(".")[0])
            elif ours := file_of(module):
                files.append(ours)
    return found - set(sys.stdlib_module_names)


def configured(name: str) -> list[str]:
    """A list of dbt_project.yml that Python models run with."""
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    found: list[str] = project["models"]["regulars"][name]
    return found


def test_packages_are_what_the_code_imports() -> None:
    models = list((PROJECT / "python_models").rglob("*.py"))
    named = {MODULES.get(package, package) for package in configured("+packages")}
    imported = third_party(models) - set(BUNDLED)
    assert imported <= named, "dbt_project.yml doesn't name what Python models import"
    assert named - NOT_IMPORTED - OF_BUNDLED <= imported, (
        "dbt_project.yml names what nobody imports"
    )


def test_packages_of_functions_are_what_scoring_imports() -> None:
    files = [
        SOURCE / "regulars" / "scoring" / "score.py",
        SOURCE / "regulars" / "engines" / "snowflake_function.py",
    ]
    # the engines themselves are the procedure's
    engines = ("regulars.engines.snowflake", "regulars.engines.duckdb")
    assert third_party(files, engines) <= set(OF_FUNCTIONS.values())
    assert set(OF_FUNCTIONS) <= set(configured("+packages"))


def test_the_stage_is_the_one_of_the_project() -> None:
    (path,) = configured("+imports")
    assert path.replace("{{ target.database }}.", "") == PACKAGE
    macro = (PROJECT / "macros" / "cross_db" / "python_package.sql").read_text()
    assert "@code.python" in macro
    version = ".".join(map(str, sys.version_info[:2]))
    assert re.fullmatch(r"3\.\d+", str(configured("+python_version"))), version


def test_it_holds_all_modules_and_suites(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        names = set(archive.namelist())
    modules = {path.relative_to(SOURCE).as_posix() for path in SOURCE.glob("regulars/**/*.py")}
    suites = {f"regulars/expectations/{file.name}" for file in PROJECT.glob("expectations/*.json")}
    assert names >= modules | suites
    assert "splink/backends/duckdb.py" in names
    assert "splink/backends/" in names, "a folder without __init__.py must stand there itself"
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_the_same_code_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    again = write_package(tmp_path, PROJECT / "expectations")
    assert again.read_bytes() == package.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["regulars.zip"]


def test_it_is_imported_from_the_zip(package: Path, tmp_path: Path) -> None:
    code = (
        "import regulars, regulars.scoring.score, splink, splink.backends.duckdb;"
        "from regulars.gates.suites import read_suite;"
        "assert '.zip' in regulars.__file__ and '.zip' in splink.__file__;"
        "print(regulars.__version__, len(read_suite('customers')['expectations']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"\d+\.\d+\.\d+ [1-9]\d*\n", done.stdout)


def test_dbt_writes_it_when_it_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path))
    monkeypatch.setenv("REGULARS_PROJECT", str(PROJECT))
    assert [kind.__name__ for kind in dbt_regulars.plugins] == ["SnowflakePackage"]
    dbt_regulars.SnowflakePackage("somebody else's")
    assert not (tmp_path / "target").exists()
    dbt_regulars.SnowflakePackage("regulars")
    assert zipfile.is_zipfile(tmp_path / "target" / "regulars.zip")


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"file/target can't be written: Not a directory\."):
        write_package(tmp_path / "file" / "target", PROJECT / "expectations")


def test_the_command_writes_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["snowflake", "package", "--folder", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert re.fullmatch(r".*/regulars\.zip \([\d,]+ kB\)\n", done.output)
    assert zipfile.is_zipfile(tmp_path / "regulars.zip")
