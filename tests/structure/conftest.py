"""One parse of the project for all structure tests."""

from pathlib import Path

import pytest

from tests.structure.project import Manifest, run_dbt


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """The manifest of the whole project, with the staging of every world."""
    folder: Path = tmp_path_factory.mktemp("parse")
    return run_dbt(["parse"], target="demo", folder=folder)
