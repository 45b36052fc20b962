"""Whatever is published, rolled back or killed: BI's file is whole, and known by its number."""

import errno
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.engines.published_generations import (
    FILE,
    clear_drafts,
    current_generation,
    draft_generation,
    generations,
    kept_generation,
    put_in_place,
    roll_back,
)
from regulars.errors import UserError

DAY = date(2026, 6, 30)
CHANGES = ("link", "replace", "rename", "unlink", "fsync")


def write(folder: Path, run: int, keep: int = 3) -> int:
    """Publishes a stand-in for a DuckDB file: no two runs have the same content or size."""
    number, draft = draft_generation(folder, DAY, f"run-{run}")
    draft.write_bytes(content(run))
    put_in_place(folder, draft, keep)
    return number


def content(run: int) -> bytes:
    return f"{run},".encode() * run


def kept(folder: Path) -> list[int]:
    return [one.number for one in generations(folder)]


def current(folder: Path) -> int | None:
    found = current_generation(folder)
    return found and found.number


def check(folder: Path) -> None:
    """What holds after anything: BI's file is whole, and it is one of those that are kept."""
    found = generations(folder)
    numbers = [one.number for one in found]
    assert numbers == sorted(set(numbers), reverse=True)
    for one in found:
        assert one.file.read_bytes() == content(int(one.run_id.removeprefix("run-")))
        assert one.size == len(one.file.read_bytes())
    (now,) = (one for one in found if one.is_current)
    assert (folder / FILE).read_bytes() == now.file.read_bytes()


def left_over(folder: Path) -> set[str]:
    """Files that are neither BI's nor kept."""
    every = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    known = {one.file.relative_to(folder).as_posix() for one in generations(folder)}
    assert not {name for name in known if Path(name).name.startswith(".")}
    return every - known - {FILE, "generations/.lock"}


@contextmanager
def broken(call: int | None = None, links: bool = True) -> Iterator[list[str]]:
    """Lets the system refuse one call that changes a folder, counted from 0, or all hard links."""
    made: list[str] = []

    def refusing(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def change(*arguments: Any, **options: Any) -> Any:
            made.append(name)
            if len(made) - 1 == call or (name == "link" and not links):
                raise OSError(errno.EIO, "Input/output error")
            return real(*arguments, **options)

        return change

    with pytest.MonkeyPatch.context() as patch:
        for name in CHANGES:
            patch.setattr(os, name, refusing(name, getattr(os, name)))
        yield made


@pytest.fixture(params=[True, False], ids=["hard links", "no hard links"])
def links(request: pytest.FixtureRequest) -> Iterator[bool]:
    """With hard links and without."""
    with broken(links=request.param):
        yield request.param


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published" / "demo"


def test_nothing_is_published_where_there_is_no_folder(folder: Path) -> None:
    assert generations(folder) == []
    assert current_generation(folder) is None
    assert not folder.exists()


@pytest.mark.usefixtures("links")
def test_a_generation_is_known_by_its_name_and_what_the_system_says(folder: Path) -> None:
    assert write(folder, 1) == 1
    assert write(folder, 2) == 2
    newest, first = generations(folder)
    assert newest.number == 2
    assert newest.as_of_date == DAY
    assert newest.run_id == "run-2"
    assert newest.file == folder / "generations" / "000002_2026-06-30_run-2.duckdb"
    assert (newest.is_current, first.is_current) == (True, False)
    assert newest.size == len(content(2))
    assert timedelta(0) <= datetime.now(UTC) - newest.published_at < timedelta(minutes=1)
    assert current_generation(folder) == newest


def test_the_newest_generation_takes_no_room_of_its_own(folder: Path) -> None:
    write(folder, 1)
    assert (folder / FILE).samefile(kept_generation(folder, 1).file)


@pytest.mark.usefixtures("links")
def test_beyond_so_many_the_oldest_go(folder: Path) -> None:
    for run in range(1, 6):
        write(folder, run, keep=3)
    assert kept(folder) == [5, 4, 3]
    write(folder, 6, keep=1)
    assert kept(folder) == [6]
    assert left_over(folder) == set()


@pytest.mark.usefixtures("links")
def test_rolling_back_moves_the_mark_and_the_next_number_still_counts_up(folder: Path) -> None:
    for run in (1, 2, 3):
        write(folder, run)
    assert roll_back(folder, 1).is_current
    check(folder)
    assert (kept(folder), current(folder)) == ([3, 2, 1], 1)
    roll_back(folder, 3)
    check(folder)
    assert current(folder) == 3
    roll_back(folder, 2)
    assert left_over(folder) == set()
    assert write(folder, 4) == 4
    assert current(folder) == 4


@pytest.mark.usefixtures("links")
def test_the_one_that_bi_read_until_now_is_the_last_to_go(folder: Path) -> None:
    """It was rolled back to for a reason: the newer one is the one to lose."""
    for run in (1, 2, 3):
        write(folder, run)
    roll_back(folder, 1)
    write(folder, 4, keep=2)
    assert kept(folder) == [4, 1]


@pytest.mark.usefixtures("links")
def test_rolling_back_to_what_bi_reads_changes_nothing(folder: Path) -> None:
    write(folder, 1)
    before = (folder / FILE).stat()
    assert roll_back(folder, 1).is_current
    assert (folder / FILE).stat() == before
    assert left_over(folder) == set()


def test_an_unknown_generation_is_refused_by_naming_those_that_are_kept(folder: Path) -> None:
    with pytest.raises(UserError, match=r"^Generation 1 isn't kept; these are: none\.$"):
        roll_back(folder, 1)
    assert not folder.exists()
    for run in (1, 2, 3):
        write(folder, run, keep=2)
    with pytest.raises(UserError, match=r"^Generation 1 isn't kept; these are: 2, 3\.$"):
        roll_back(folder, 1)
    assert current(folder) == 3


def test_rolling_back_brings_a_deleted_file_back(folder: Path) -> None:
    write(folder, 1)
    (folder / FILE).unlink()
    assert (kept(folder), current(folder)) == ([1], None)
    roll_back(folder, 1)
    check(folder)


def test_generations_of_one_size_and_time_are_told_apart_by_the_file_itself(folder: Path) -> None:
    for run in (1, 2, 3):
        _, draft = draft_generation(folder, DAY, f"run-{run}")
        draft.write_text(f"content {run}")
        os.utime(draft, (1717200000, 1717200000))
        put_in_place(folder, draft, 3)
        assert current(folder) == run
    roll_back(folder, 2)
    assert current(folder) == 2


def test_the_content_is_on_disk_before_the_rename_and_the_rename_after_it(folder: Path) -> None:
    write(folder, 1)
    with broken() as calls:
        write(folder, 2)
    before, after = calls[: calls.index("replace")], calls[calls.index("replace") :]
    assert before.count("fsync") == 2  # the draft and its folder's entries
    assert after[1] == "fsync"


def test_a_copied_folder_still_knows_what_is_current(folder: Path, tmp_path: Path) -> None:
    for run in (1, 2, 3):
        write(folder, run)
    roll_back(folder, 2)
    copy = shutil.copytree(folder, tmp_path / "copy")
    check(copy)
    assert current(copy) == 2
    assert write(copy, 4) == 4
    check(copy)


def test_a_copy_that_lost_its_times_keeps_every_generation(folder: Path, tmp_path: Path) -> None:
    for run in (1, 2, 3):
        write(folder, run)
    copy = shutil.copytree(folder, tmp_path / "copy")
    for place, file in enumerate(sorted(copy.rglob("*.duckdb"))):
        os.utime(file, (place, place))
    assert (kept(copy), current(copy)) == ([3, 2, 1], None)
    assert write(copy, 4) == 4
    assert kept(copy) == [4, 3, 2]
    check(copy)


def test_other_files_are_none_of_its_business(folder: Path) -> None:
    write(folder, 1)
    others = [
        "notes.txt",
        "7_2026-06-30_run.duckdb",
        "000007_yesterday_run.duckdb",
        "000007_2026-06-30_.duckdb",
        ".000007_2026-06-30_run.duckdb",
        "000007_2026-06-30_run.duckdb.wal",
    ]
    for name in others:
        (folder / "generations" / name).write_text("mine")
    (folder / "regulars.csv").write_text("mine")
    write(folder, 2, keep=1)
    assert kept(folder) == [2]
    assert left_over(folder) == {f"generations/{name}" for name in others} | {"regulars.csv"}


def test_the_log_of_a_tool_that_wrote_into_the_file_goes_with_it(folder: Path) -> None:
    log = folder / f"{FILE}.wal"
    write(folder, 1)
    log.write_text("for generation 1")
    write(folder, 2)
    assert not log.exists()
    log.write_text("for generation 2")
    roll_back(folder, 2)
    assert log.exists()
    roll_back(folder, 1)
    assert not log.exists()


def test_one_process_at_a_time_changes_the_folder(folder: Path) -> None:
    for run in (1, 2):
        write(folder, run)
    thread = threading.Thread(target=roll_back, args=(folder, 1))
    with (folder / "generations" / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
        assert current(folder) == 2
    thread.join(10)
    assert current(folder) == 1


@pytest.mark.usefixtures("links")
@pytest.mark.parametrize("call", range(16))
def test_a_refusal_of_the_system_at_any_step_leaves_a_whole_file(folder: Path, call: int) -> None:
    for run in (1, 2, 3):
        write(folder, run)
    roll_back(folder, 2)
    with broken(call) as calls, suppress(UserError):
        write(folder, 4)
    check(folder)
    assert kept(folder) in ([3, 2, 1], [4, 3, 2, 1], [4, 3, 2])
    assert (current(folder) == 4) == (4 in kept(folder))
    if call >= len(calls):
        assert kept(folder) == [4, 3, 2]

    with broken(call), suppress(UserError):
        roll_back(folder, 3)
    check(folder)
    clear_drafts(folder)
    assert left_over(folder) == set()
    write(folder, 5)
    check(folder)
    assert current(folder) in (4, 5)


def test_a_refusal_of_the_system_is_one_line(folder: Path) -> None:
    _, draft = draft_generation(folder, DAY, "run-1")
    draft.write_bytes(content(1))
    with broken(0), pytest.raises(UserError) as error:
        put_in_place(folder, draft, 3)
    assert str(error.value) == (
        f"{folder} can't be written (Input/output error): see to space and rights there,"
        " then try again."
    )


# Does the same in one folder after another; is killed in each one step later: before it opens,
# links, renames, copies or removes something.
KILLED = """
import os, signal, sys
from pathlib import Path
from test_published_generations import *

STEPS = {"open", "os.mkdir", "os.link", "os.rename", "os.remove", "os.utime", "shutil.copyfile"}

def kill_at(step):
    passed = 0
    def count(event, arguments):
        nonlocal passed
        if event in STEPS:
            passed += 1
            if passed > step:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)

base, action, links = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "True"
os.fsync = lambda descriptor: None  # a kill doesn't lose what wasn't flushed
with broken(links=links):
    for step in range(1000):
        folder = base / f"{step:04d}"
        for run in (1, 2, 3):
            write(folder, run)
        roll_back(folder, 2)
        child = os.fork()
        if not child:
            kill_at(step)
            write(folder, 4) if action == "publish" else roll_back(folder, 1)
            os._exit(0)
        if not os.waitpid(child, 0)[1]:
            break
"""


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
@pytest.mark.parametrize("action", ["publish", "roll back"])
def test_a_kill_at_any_step_leaves_a_whole_file(tmp_path: Path, action: str, links: bool) -> None:
    subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), action, str(links)],
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])},
    )
    folders = sorted(tmp_path.iterdir())
    assert len(folders) > (15 if action == "publish" else 5)
    new = 4 if action == "publish" else 1
    became_current = []
    for folder in folders:
        check(folder)
        became_current.append(current(folder) == new)
        assert current(folder) in (2, new)
        assert set(kept(folder)) <= {1, 2, 3, 4}
        assert (current(folder) == 4) == (4 in kept(folder))
        # whatever was left behind, a person can go back, and the next run finds its way
        going_back = shutil.copytree(folder, folder.with_name(f"{folder.name}_going_back"))
        roll_back(going_back, 3)
        check(going_back)
        assert kept(going_back) == kept(folder)
        for after in (folder, going_back):
            newest = max(kept(after))
            assert write(after, 5, keep=4) == newest + 1
            check(after)
            assert current(after) == newest + 1
            assert left_over(after) == set()
    # once it is in place it stays there
    assert became_current == sorted(became_current)
    assert (became_current[0], became_current[-1]) == (False, True)


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(1, 4)),
        st.tuples(st.just("fail"), st.integers(0, 25)),
        st.tuples(st.just("roll back"), st.integers(0, 3)),
        st.tuples(st.just("copy"), st.just(0)),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(actions=ACTIONS, links=st.booleans())
def test_after_any_sequence_the_file_is_whole_and_its_number_known(
    actions: list[tuple[str, int]], links: bool
) -> None:
    with tempfile.TemporaryDirectory() as base, broken(links=links):
        folder = Path(base) / "0"
        write(folder, 1)
        highest, reads = 1, 1
        for run, (action, choice) in enumerate(actions, start=2):
            before = kept(folder)
            if action == "publish":
                assert write(folder, run, keep=choice) == highest + 1
                highest = reads = highest + 1
                assert len(kept(folder)) == min(choice, len(before) + 1)
                if choice > 1:
                    assert set(kept(folder)) <= {highest, *before}
                assert left_over(folder) == set()
            elif action == "fail":
                with broken(choice), suppress(UserError):
                    write(folder, run)
                if current(folder) != reads:
                    highest = reads = highest + 1
                assert current(folder) == reads
            elif action == "roll back":
                reads = before[choice % len(before)]
                roll_back(folder, reads)
                assert kept(folder) == before
            else:
                folder = shutil.copytree(folder, Path(base) / str(run))
                assert kept(folder) == before
            assert current(folder) == reads
            check(folder)
