"""A warehouse file that is held, by whom, and what stands in it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from regulars.engines.duckdb_warehouse import (
    _why_not_opened,
    check_free,
    command_line,
    open_warehouse,
    stored,
)
from regulars.errors import UserError

HOLD = """
import sys, duckdb
held = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    # the word lock in a path is no lock
    file = tmp_path / "locked up" / "demo.duckdb"
    file.parent.mkdir()
    duckdb.connect(str(file)).close()
    return file


@pytest.fixture(params=["read", "write"])
def holder(request: pytest.FixtureRequest, file: Path, tmp_path: Path) -> Iterator[int]:
    """Another process that has the file open; its id."""
    script = tmp_path / "nightly"
    script.write_text(HOLD)
    command = [sys.executable, str(script), str(file), request.param, "--webhook", "s3cret"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdin
        process.stdout.readline()
        yield process.pid
        process.stdin.close()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="the system has no /proc")
def test_a_file_that_another_process_holds_names_it(file: Path, holder: int) -> None:
    with pytest.raises(UserError) as refused:
        check_free(file)
    said = str(refused.value)
    assert said.startswith(f"{file} is in use by process {holder} (nightly {file} ")
    assert said.endswith(" …): end it or wait, then try again.")
    assert "s3cret" not in said


def test_the_same_is_said_when_something_is_to_be_loaded(
    file: Path, holder: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_HOME", str(file.parent))
    (file.parent / "warehouse").mkdir()
    (file.parent / "warehouse" / "demo.duckdb").symlink_to(file)
    with (
        pytest.raises(UserError, match=f"is in use by process {holder} "),
        open_warehouse("demo"),
    ):
        pass


def test_a_file_that_is_free_is_left_so(file: Path) -> None:
    check_free(file)
    duckdb.connect(str(file)).close()


def test_a_file_that_this_process_holds_itself(file: Path) -> None:
    with duckdb.connect(str(file)), pytest.raises(UserError, match="by this process itself"):
        check_free(file)
    with duckdb.connect() as other:
        other.execute(f"attach '{file}' as held")
        with pytest.raises(UserError, match="by this process itself"):
            check_free(file)


@pytest.mark.parametrize(
    ("message", "holder"),
    [
        # as DuckDB 2.0 and 1.x write it, on Linux and on macOS
        (
            "Conflicting lock is held in /usr/bin/duck (PID 0). See also https://…",
            "another process",
        ),
        (
            "Conflicting lock is held in /opt/bin/duck (PID 99999999) by user ann. See also",
            "process 99999999 (/opt/bin/duck)",
        ),
        ("Conflicting lock is held in PID 99999999.", "process 99999999"),
        ("Resource temporarily unavailable", "another process"),
    ],
)
def test_as_much_is_said_of_the_holder_as_is_told(message: str, holder: str) -> None:
    said = _why_not_opened(
        Path("a.duckdb"), f'IO Error: Could not set lock on file "a.duckdb": {message}'
    )
    assert said == f"a.duckdb is in use by {holder}: end it or wait, then try again."


def test_what_is_no_lock_is_not_called_one(file: Path) -> None:
    file.write_text("no database")
    with pytest.raises(UserError, match=r"can't be opened: .*not a valid DuckDB database"):
        check_free(file)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="the system has no /proc")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["build", "--target", "prod"], "regulars build --target prod"),
        (["build", "--webhook", "s3cret", "--target", "prod"], "regulars build …"),
        (["build", "--on-red=mail s3cret"], "regulars build …"),
        (["load", "https://user:s3cret@host/x"], "regulars load …"),
        (["a\nb", "\x1b[31mred"], "regulars a b [31mred"),
        (["x" * 200], f"regulars {'x' * 109} …"),
    ],
)
def test_a_command_is_shown_as_typed_without_secrets(
    tmp_path: Path, words: list[str], said: str
) -> None:
    script = tmp_path / "regulars"
    script.write_text("print(flush=True); input()")
    with subprocess.Popen(
        [sys.executable, str(script), *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        process.stdout.readline()
        assert command_line(process.pid) == said
        process.communicate(b"\n")


def test_a_process_that_is_gone_has_no_command() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert command_line(process.pid) is None
    assert os.getpid() != process.pid


def test_tables_are_measured_by_the_room_that_they_take(tmp_path: Path) -> None:
    file = tmp_path / "demo.duckdb"
    with duckdb.connect(str(file)) as warehouse:
        warehouse.execute("create schema raw")
        warehouse.execute("create table raw.big as select hash(range) as n from range(1000000)")
        warehouse.execute("create table small as select hash(range) as n from range(10)")
        warehouse.execute("create table gone as select hash(range) as n from range(1000000)")
        warehouse.execute("checkpoint")
        warehouse.execute("drop table gone")
        warehouse.execute("create view seen as select * from small")
    groups = [[("raw", "big")], [("main", "small"), ("main", "seen"), ("main", "nowhere")], []]
    found = stored(file, groups)
    big, small, nothing = found.groups
    assert 7_000_000 < big < 10_000_000  # 8 bytes a row, not compressible
    assert 0 < small < 1_000_000
    assert nothing == 0
    assert found.free > 7_000_000
    assert found.memory > 100_000_000
    assert stored(file, [], "200MB").memory == pytest.approx(200_000_000, rel=0.01)
    assert stored(file, [], "{{ env_var('X') }}").memory == found.memory
