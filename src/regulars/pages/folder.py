"""The folder that pages are written to: it holds nothing else, and those of an earlier time go."""

import shutil
from pathlib import Path

from regulars.errors import UserError


def check_ours(folder: Path, mark: str) -> None:
    """Refuses a folder whose content isn't ours to replace.

    Args:
        folder: where pages are to go.
        mark: stands in the index of every folder that is ours.

    Raises:
        UserError: when the folder holds something else, or is a file.
    """
    index = folder / "index.html"
    if folder.is_file():
        raise UserError(f"{folder} is a file: name a folder.")
    if not folder.exists() or not any(folder.iterdir()):
        return
    is_ours = all(one.suffix == ".html" for one in folder.rglob("*") if one.is_file())
    is_ours = is_ours and index.is_file()
    if not is_ours or mark not in index.read_text(encoding="utf-8", errors="replace"):
        raise UserError(f"{folder} holds something else: name another --folder.")


def replace_pages(folder: Path, drafts: Path) -> None:
    """Puts the pages in place of those of an earlier time.

    Args:
        folder: where they go, checked before.
        drafts: a folder that holds them all, and none afterwards.

    Raises:
        UserError: when the folder can't be written.
    """
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        for draft in drafts.iterdir():  # a temporary folder itself is closed to others
            shutil.move(draft, folder)
    except OSError as error:
        raise UserError(f"{folder} can't be written: {error.strerror}.") from error
