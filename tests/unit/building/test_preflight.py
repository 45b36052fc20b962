"""What keeps a run from starting: no room, raw tables that are not as declared."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from regulars.building import preflight
from regulars.building.preflight import (
    NotReadyError,
    Space,
    check_ready,
    gigabytes,
    memory_limit,
    space_needed,
    space_problems,
    space_warnings,
)
from regulars.building.run import Node
from regulars.engines.duckdb_warehouse import Stored
from regulars.errors import UserError
from regulars.project import warehouse_file

MB, GB = 10**6, 10**9


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path))
    return tmp_path


def disk(monkeypatch: pytest.MonkeyPatch, **free: int) -> None:
    """Each named folder is a file system of its own with so much free; the rest has plenty."""

    def named(folder: Path) -> str | None:
        return next((part for part in reversed(Path(folder).parts) if part in free), None)

    monkeypatch.setattr(
        shutil, "disk_usage", lambda folder: SimpleNamespace(free=free.get(named(folder), 10**15))
    )
    monkeypatch.setattr(preflight, "_device", lambda folder: hash(named(folder)))


def holding(raw: int, built: int, free: int = 0, memory: int = 16 * GB) -> Stored:
    return Stored(groups=[raw, built], free=free, memory=memory)


# raw and built tables, free blocks, memory, published: as measured; then how far files grew
MEASURED = [
    # 20,000 customers of the demo, built once, twice, a third time
    (holding(22 * MB, 0), 0, 207 * MB, 60 * MB),
    (holding(22 * MB, 182 * MB, 5 * MB), 55 * MB, 135 * MB, 62 * MB),
    (holding(22 * MB, 182 * MB, 120 * MB), 58 * MB, 21 * MB, 61 * MB),
    # the same on little memory
    (holding(22 * MB, 0, memory=400 * MB), 0, 900 * MB, 0),
    (holding(22 * MB, 182 * MB, 85 * MB, 700 * MB), 58 * MB, 442 * MB, 63 * MB),
    (holding(22 * MB, 182 * MB, 97 * MB, 1100 * MB), 58 * MB, 311 * MB, 63 * MB),
    # 100,000 customers, built once and twice
    (holding(104 * MB, 0, memory=2 * GB), 0, 6_750 * MB, 284 * MB),
    (holding(104 * MB, 1_093 * MB, 37 * MB, 2 * GB), 270 * MB, 4_480 * MB, 283 * MB),
    # Online Retail II, built once, twice, a third time, and on little memory
    (holding(16 * MB, 0), 0, 272 * MB, 47 * MB),
    (holding(16 * MB, 178 * MB), 46 * MB, 227 * MB, 48 * MB),
    (holding(16 * MB, 178 * MB, 150 * MB), 46 * MB, 88 * MB, 46 * MB),
    (holding(16 * MB, 178 * MB, 161 * MB, 1100 * MB), 46 * MB, 287 * MB, 48 * MB),
]


@pytest.mark.parametrize(("found", "published", "grew", "publication"), MEASURED)
def test_the_estimate_covers_what_was_measured_and_not_ten_times_that(
    found: Stored, published: int, grew: int, publication: int
) -> None:
    needed = space_needed(found, published, publishes=True)
    assert grew <= needed.warehouse + needed.spilled <= 10 * grew
    assert publication <= needed.published <= 2 * max(publication, 60 * MB)


def test_a_run_that_does_not_publish_needs_no_room_there() -> None:
    assert space_needed(holding(GB, 0), 5 * GB, publishes=False).published == 0


def test_too_little_room_is_said_for_the_disk_that_lacks_it(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    warehouse, published = home / "warehouse", home / "published" / "demo"
    warehouse.mkdir()
    published.mkdir(parents=True)
    needed = Space(warehouse=3 * GB, published=50 * MB)
    disk(monkeypatch, warehouse=1_200 * MB, published=60 * MB)
    assert space_problems(needed, warehouse, published) == [
        f"{warehouse} has 1.2 GB free and this run needs about 3.0 GB there:"
        " free some, or set REGULARS_HOME to a folder on a larger disk."
    ]
    disk(monkeypatch, warehouse=4 * GB, published=40 * MB)
    (problem,) = space_problems(needed, warehouse, published)
    assert problem.startswith(f"{published} has 40 MB free and this run needs about 50 MB there")
    disk(monkeypatch, warehouse=3 * GB, published=50 * MB)
    assert space_problems(needed, warehouse, published) == []


def test_what_may_be_spilled_is_warned_of_and_refuses_nothing(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    warehouse = home / "warehouse"
    warehouse.mkdir()
    disk(monkeypatch, warehouse=4 * GB)
    needed = Space(warehouse=3 * GB, published=0, spilled=2 * GB)
    assert space_problems(needed, warehouse, home / "published" / "demo") == []
    assert space_warnings(needed, warehouse) == [
        f"{warehouse} has 4.0 GB free; a run on so little memory may need up to 5.0 GB there."
    ]
    assert space_warnings(Space(3 * GB, 0, spilled=GB), warehouse) == []
    assert space_warnings(Space(5 * GB, 0), warehouse) == []


def test_one_disk_must_hold_both(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    disk(monkeypatch, **{home.name: 5 * GB})
    folders = home / "warehouse", home / "published" / "demo"
    assert space_problems(Space(3 * GB, 2 * GB), *folders) == []
    (problem,) = space_problems(Space(3 * GB, 3 * GB), *folders)
    assert "has 5.0 GB free and this run needs about 6.0 GB there" in problem


def test_the_real_disk_is_asked_though_folders_are_missing(home: Path) -> None:
    needed = Space(0, shutil.disk_usage(home).total + 1)
    (problem,) = space_problems(needed, home / "warehouse", home / "published" / "demo")
    assert problem.startswith(f"{home / 'warehouse'} has ")


def node(name: str, table: str | None = None, raw: tuple[str, ...] = ()) -> Node:
    return Node(
        name,
        "staging",
        name,
        ("main", table) if table else None,
        frozenset(("raw_shop", one) for one in raw),
    )


class AskedProject:
    """A project whose raw tables have the problems that it is given."""

    def __init__(self, *problems: str) -> None:
        self.problems = list(problems)
        self.asked: list[list[str]] = []

    def source_problems(self, models: list[str]) -> list[str]:
        self.asked.append(models)
        return self.problems


def ready(project: AskedProject, *nodes: Node) -> None:
    check_ready(project, "demo", nodes)  # type: ignore[arg-type]


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    with duckdb.connect(str(warehouse_file("demo"))) as warehouse:
        warehouse.execute("create schema raw_shop")
        warehouse.execute("create table raw_shop.orders as from range(100000)")
    disk(monkeypatch, **{home.name: 0})
    project = AskedProject("Raw table a is missing.", "Raw table b is missing.")
    with pytest.raises(NotReadyError) as refused:
        ready(project, node("stg", raw=("orders",)), node("customers", "customers"))
    space, *rest = refused.value.problems
    assert "0 MB free and this run needs about" in space
    assert rest == project.problems
    assert str(refused.value) == f"{space} Raw table a is missing. Raw table b is missing."
    assert project.asked == [["stg"]]


def test_a_run_that_reads_no_raw_table_does_not_look_at_them() -> None:
    project = AskedProject("Raw table a is missing.")
    ready(project, node("customers", "customers"))
    assert project.asked == []


def test_only_a_run_that_publishes_needs_room_for_it(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    (home / "published" / "demo").mkdir(parents=True)
    (home / "published" / "demo" / "regulars.duckdb").write_bytes(bytes(MB))
    disk(monkeypatch, published=0)
    ready(AskedProject(), node("customers", "customers"))
    with pytest.raises(NotReadyError, match="published/demo has 0 MB free"):
        ready(AskedProject(), node("publish", "publish"))


def test_the_memory_limit_is_the_profile_s(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("REGULARS_MEMORY_LIMIT", raising=False)
    assert memory_limit("demo") == "80%"
    monkeypatch.setenv("REGULARS_MEMORY_LIMIT", "2GB")
    assert memory_limit("demo") == "2GB"
    (tmp_path / "dbt_project.yml").write_text("name: regulars\n")
    (tmp_path / "profiles.yml").write_text(
        "regulars: {outputs: {demo: {type: duckdb, settings: {memory_limit: 4GB}},"
        " prod: {type: duckdb}}}"
    )
    monkeypatch.setenv("REGULARS_PROJECT", str(tmp_path))
    assert (memory_limit("demo"), memory_limit("prod")) == ("4GB", None)


def test_a_file_that_is_held_by_then_is_refused(home: Path) -> None:
    with duckdb.connect(str(warehouse_file("demo"))), pytest.raises(UserError, match="in use by"):
        ready(AskedProject(), node("customers", "customers"))


def test_sizes_are_said_in_units_that_can_be_compared() -> None:
    assert [gigabytes(size) for size in (0, 4 * MB, 99 * MB, 150 * MB, 12.34 * GB)] == [
        "0 MB",
        "4 MB",
        "99 MB",
        "0.1 GB",
        "12.3 GB",
    ]
