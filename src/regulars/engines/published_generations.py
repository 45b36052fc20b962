"""The published file and its kept generations, told apart without opening any of them.

    published/demo/regulars.duckdb                            what BI reads
    published/demo/generations/000012_2026-06-30_<run>.duckdb the same file, by its number
    published/demo/generations/.000013_….duckdb.draft         being written, or left by a kill

A generation gets its plain name only once BI has read it, so one that never came that far
can't be taken for a kept one. A tool that holds a file open for writing stops nothing here.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from regulars.errors import UserError

FILE = "regulars.duckdb"
NO_DATE = "no-date"

_NAME = re.compile(rf"(\d{{6,}})_(\d{{4}}-\d{{2}}-\d{{2}}|{NO_DATE})_(.+)\.duckdb")
_DRAFT = re.compile(rf"\.({_NAME.pattern})\.draft")
_NEXT = f".{FILE}.next"


@dataclass(frozen=True)
class Generation:
    """One publication that is kept.

    Attributes:
        number: counts up with every publication of the target, from 1.
        as_of_date: the last day that it knows; none when there were no events.
        run_id: dbt's invocation id of the run that wrote it.
        file: where it is kept.
        is_current: whether it is what BI reads.
        size: bytes.
        published_at: when it was written, UTC.
    """

    number: int
    as_of_date: date | None
    run_id: str
    file: Path
    is_current: bool
    size: int
    published_at: datetime


def generations(folder: Path) -> list[Generation]:
    """The generations that are kept, newest first; at most one is current.

    Args:
        folder: holds the published file; it may be missing.
    """
    found = sorted(_files(folder / "generations"), key=lambda one: one[0].number, reverse=True)
    current = _current(_status(folder / FILE), [status for _, status in found])
    marked = [replace(one, is_current=i == current) for i, (one, _) in enumerate(found)]
    # a draft that BI reads was put in place by a run that was killed before it could rename it
    return [one for one in marked if one.is_current or not _DRAFT.fullmatch(one.file.name)]


def current_generation(folder: Path) -> Generation | None:
    """What BI reads now; none when nothing is published, or not by a run that kept it.

    Args:
        folder: holds the published file; it may be missing.
    """
    return next((one for one in generations(folder) if one.is_current), None)


def draft_generation(folder: Path, as_of_date: date | None, run_id: str) -> tuple[int, Path]:
    """The number of the next generation, and the file to write it to.

    Clears what killed runs left behind. Only the process that holds the build file publishes.

    Args:
        folder: holds the published file; it is made when it is missing.
        as_of_date: the last day that the generation knows.
        run_id: dbt's invocation id.

    Raises:
        UserError: when the folder can't be written.
    """
    clear_drafts(folder)
    number = max((one.number for one in generations(folder)), default=0) + 1
    name = f"{number:06d}_{as_of_date or NO_DATE}_{run_id}.duckdb"
    return number, folder / "generations" / f".{name}.draft"


def put_in_place(folder: Path, draft: Path, keep: int) -> None:
    """Makes a draft what BI reads, by one rename; then removes generations beyond `keep`.

    Beside the new one, the one that BI read until now is the last to go: it is the way back.

    Args:
        folder: holds the published file.
        draft: what draft_generation gave, written, checked and closed.
        keep: how many generations stay, the new one included; from 1.

    Raises:
        UserError: when the folder can't be written.
    """
    with _alone(folder):
        before = current_generation(folder)
        _flush(draft)
        _flush(draft.parent)
        _replace(folder, draft)
        _keep_current_draft(folder)
        kept = generations(folder)
        kept.sort(key=lambda one: (not one.is_current, before is None or one.file != before.file))
        for one in kept[keep:]:
            one.file.unlink(missing_ok=True)
        _flush(draft.parent)


def clear_drafts(folder: Path) -> None:
    """Removes what never became current, be it of this run or of one that was killed.

    Raises:
        UserError: when the folder can't be written.
    """
    with _alone(folder):
        _keep_current_draft(folder)
        # the second is how versions without generations named their drafts
        for left_behind in (*folder.glob("generations/.*.draft*"), *folder.glob(f".{FILE}.*")):
            left_behind.unlink()


def roll_back(folder: Path, number: int) -> Generation:
    """Makes a kept generation what BI reads, by one rename.

    Args:
        folder: holds the published file.
        number: the generation's.

    Returns:
        The generation, now current.

    Raises:
        UserError: when it isn't kept, naming those that are, or the folder can't be written.
    """
    kept_generation(folder, number)  # before a folder is made for nothing
    with _alone(folder):
        _keep_current_draft(folder)
        chosen = kept_generation(folder, number)
        if not chosen.is_current:
            _replace(folder, chosen.file)
    return replace(chosen, is_current=True)


def kept_generation(folder: Path, number: int) -> Generation:
    """A generation by its number.

    Raises:
        UserError: when it isn't kept; names those that are.
    """
    kept = generations(folder)
    for one in kept:
        if one.number == number:
            return one
    numbers = ", ".join(str(one.number) for one in reversed(kept)) or "none"
    raise UserError(f"Generation {number} isn't kept; these are: {numbers}.")


def _files(folder: Path) -> Iterator[tuple[Generation, os.stat_result]]:
    """Generations and drafts, none of them marked as current."""
    for file in folder.iterdir() if folder.is_dir() else ():
        name = _NAME.fullmatch(file.name) or _DRAFT.fullmatch(file.name)
        status = _status(file)
        if name and status:
            number, day, run_id = name.groups()[-3:]
            yield (
                Generation(
                    number=int(number),
                    as_of_date=None if day == NO_DATE else date.fromisoformat(day),
                    run_id=run_id,
                    file=file,
                    is_current=False,
                    size=status.st_size,
                    published_at=datetime.fromtimestamp(status.st_mtime, UTC),
                ),
                status,
            )


def _current(published: os.stat_result | None, kept: list[os.stat_result]) -> int | None:
    """Which of the kept files is the published one: by inode, else by size and time.

    The second is for file systems without hard links and for folders that were copied.
    """
    if published is None:
        return None
    for i, one in enumerate(kept):
        if os.path.samestat(one, published):
            return i
    for i, one in enumerate(kept):
        if (one.st_size, one.st_mtime_ns) == (published.st_size, published.st_mtime_ns):
            return i
    return None


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:
        return None


def _replace(folder: Path, generation: Path) -> None:
    """Gives the published file's name to a generation; the generation keeps its own."""
    following = folder / _NEXT
    following.unlink(missing_ok=True)
    try:
        os.link(generation, following)
    except OSError:  # a file system without hard links
        shutil.copy2(generation, following)
        _flush(following)
    # of a tool that wrote into the old file: DuckDB would apply it to the new one
    (folder / f"{FILE}.wal").unlink(missing_ok=True)
    following.replace(folder / FILE)
    _flush(folder)


def _keep_current_draft(folder: Path) -> None:
    """Gives the draft that BI reads the name of a kept generation, if there is such a draft."""
    current = current_generation(folder)
    if current and (draft := _DRAFT.fullmatch(current.file.name)):
        current.file.rename(current.file.with_name(draft[1]))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Lets one process at a time change the folder; a kill ends its turn.

    Raises:
        UserError: for whatever the system refuses meanwhile.
    """
    try:
        (folder / "generations").mkdir(parents=True, exist_ok=True)
        with (folder / "generations" / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise UserError(
            f"{folder} can't be written ({error.strerror or error}): see to space and rights there,"
            " then try again."
        ) from error


def _flush(path: Path) -> None:
    """Forces a file, or a folder's entries, to disk: after the rename it must be whole."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
