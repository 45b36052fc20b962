"""Guides whose files are written as they stand there."""

import re
from pathlib import Path


def write_files(guide: str, project: Path) -> None:
    """Writes the files of a guide's text into a project."""
    for name, content in re.findall(r"```\w+ file=(\S+)\n(.*?)```", guide, re.DOTALL):
        file = project / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
