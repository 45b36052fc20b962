"""What the emulator's tests share: an emulator for each file, and dbt on it."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.emulator.server import Emulator, emulator
from tests.worlds import BIN

Dbt = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    """An emulator without tables."""
    with emulator() as running:
        yield running


@pytest.fixture(scope="module")
def dbt(running: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """Runs dbt on the emulator: dbt(project, 'run', …)."""
    home = tmp_path_factory.mktemp("emulator")
    running.write_profiles(home)

    def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        where = ["--project-dir", str(project), "--profiles-dir", str(home)]
        return subprocess.run(
            [str(BIN / "dbt"), "--no-use-colors", *arguments, *where, "--target", "snowflake"],
            cwd=home,
            env={
                **os.environ,
                "DBT_EXCLUDE_RESOURCE_TYPES": "test unit_test",
                "REGULARS_HOME": str(home),
                "REGULARS_PROJECT": str(project),
                "DO_NOT_TRACK": "1",
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
                "DBT_TARGET_PATH": str(home / "target"),
                "DBT_LOG_PATH": str(home / "logs"),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run
