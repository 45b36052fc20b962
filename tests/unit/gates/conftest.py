"""What the tests of gates share. Great Expectations is imported once: it takes seconds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from regulars.cli import main
from regulars.engines.duckdb import DuckDBEngine
from regulars.gates.check import check_tables, import_great_expectations
from regulars.gates.expectation_models import ExpectationModels
from tests.unit.gates.projects import ORDERS, TinyProject

Run = Callable[..., tuple[int, list[str], list[str]]]
Check = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def gx() -> Any:
    """Great Expectations."""
    return import_great_expectations()


@pytest.fixture(scope="session")
def models(gx: Any) -> ExpectationModels:
    """The expectations that there are."""
    return ExpectationModels()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyProject:
    """A project with a gate and a suite, and nothing built."""
    project = TinyProject(tmp_path / "project", tmp_path / "home")
    project.begin()
    monkeypatch.setenv("REGULARS_PROJECT", str(project.root))
    monkeypatch.setenv("REGULARS_HOME", str(project.home))
    return project


@pytest.fixture
def built(project: TinyProject) -> TinyProject:
    """The same with its table built."""
    project.change(ORDERS)
    return project


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `regulars expectations …`: exit code, lines on stdout, lines on stderr."""

    def run(*arguments: str) -> tuple[int, list[str], list[str]]:
        with pytest.raises(SystemExit) as ended:
            main(["expectations", *arguments])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out.splitlines(), said.err.splitlines()

    return run


@pytest.fixture
def check(gx: Any, project: TinyProject) -> Check:
    """Writes the suite of `orders` and runs it on a query: the rows that the gate keeps."""

    def check(*expectations: dict[str, Any], sql: str, **more: Any) -> list[dict[str, Any]]:
        if expectations:
            project.suite("orders", *expectations, **more)
        session = duckdb.connect()
        session.execute("set variable run_id = 'run 1'").fetchall()
        return check_tables(
            DuckDBEngine(session), "scores", {"orders": session.sql(sql)}
        ).to_pylist()

    return check
