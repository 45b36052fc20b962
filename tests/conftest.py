"""What all tests share: where the real data is, and worlds that are built once."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.worlds import Session, World

PROJECT = Path(__file__).resolve().parents[1]
# every core has a process of tests: XGBoost's threads would spin, waiting for one another's cores
os.environ.setdefault("OMP_NUM_THREADS", "1")
REAL_DATA = Path(os.environ.get("REGULARS_DATA", PROJECT / ".." / "shared" / "data")).resolve()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with the public data sets; its README says what they are."""
    if not (REAL_DATA / "online_retail_ii_2009_2010.parquet").exists():
        pytest.skip(f"no real data at {REAL_DATA}: set REGULARS_DATA")
    return REAL_DATA


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files go first, so that processes are done at the same time."""
    items.sort(key=lambda item: item.path.parent.name != "integration")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    missing = [
        r for r in terminalreporter.stats.get("skipped", []) if "no real data" in str(r.longrepr)
    ]
    if missing:
        terminalreporter.section("REAL DATA IS MISSING", red=True, bold=True)
        terminalreporter.line(
            f"{len(missing)} tests were not run: nothing is known of real data. They look in"
            f" {REAL_DATA}; set REGULARS_DATA to the folder that holds it."
        )


def built_once(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, target: str, *commands: list[str]
) -> World:
    """A world that all of pytest's processes share: the first that asks for it builds it."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent
    world = World(folder / target, target, runs_dbt_tests=True)
    is_built = folder / f"{target}.built"
    with FileLock(folder / f"{target}.lock"):
        if not is_built.exists():
            shutil.rmtree(world.home, ignore_errors=True)
            world.home.mkdir()
            for command in commands:
                world.regulars(*command)
            is_built.touch()
    return world


@pytest.fixture(scope="session")
def demo_world(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> World:
    """A small demo world, built by the commands that a user types."""
    demo = ["demo", "--customers", "2000", "--years", "2"]
    return built_once(tmp_path_factory, worker_id, "demo", demo, ["build"])


@pytest.fixture(scope="session")
def retail_world(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, real_data: Path
) -> World:
    """Online Retail II, loaded and built by the commands that a user types."""
    files = sorted(real_data.glob("online_retail_ii_*.parquet"))
    load = ["load", "online-retail", *map(str, files)]
    return built_once(tmp_path_factory, worker_id, "retail", load, ["build", "--target", "retail"])


@pytest.fixture(scope="session")
def session() -> Iterator[Session]:
    """A process that runs dbt on any world."""
    session = Session()
    yield session
    session.close()


@pytest.fixture
def demo_copy(demo_world: World, tmp_path: Path) -> Iterator[World]:
    """The demo world again, to change."""
    copy = demo_world.copy(tmp_path / "copy")
    yield copy
    shutil.rmtree(copy.home)
