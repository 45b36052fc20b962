"""What would stop a run midway, found out before its first node."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment

from regulars.building.run import PUBLISHING, Node, Project
from regulars.engines.duckdb_warehouse import Stored, stored
from regulars.errors import UserError
from regulars.project import project_folder, published_folder, read_yaml, warehouse_file

# How much a run writes, as multiples of what it reads and of what it built last time. Measured as
# the peak of file, log and spilled pages on DuckDB 2.0 with two threads, in MB:
#
#                      raw  built  free inside   memory   file and log grew  spilled   published
#   demo, 20,000        22      0            0   19,000                 207        0          60
#     again             22    182            5   19,000                 135        0          62
#     and again         22    182          120   19,000                  23        0          61
#     on little memory  22    182           85      700                  33      424          63
#   Online Retail II    16      0            0   19,000                 272        0          47
#     again             16    178            0   19,000                 227        0          48
#     and again         16    178          150   19,000                  88        0          46
#     on little memory  16    178          161    1,100                  60      227          48
#   demo, 100,000      104      0            0    2,000               1,165    6,111         284
#     again            104  1,093           37    2,000                 654    3,936         283
#
# A first build grows by 9 to 17 times the raw tables; a later one writes each table beside the
# old one, with up to 98 MB of log. What doesn't fit in memory is spilled: memory and spilled pages
# together were 51 to 85 times the raw tables, with 100,000 customers as with 20,000. That is a
# ceiling seen on small worlds, so a disk without room for them is warned of, not refused.
NEW_TABLES = 18.0  # × raw tables
OLD_TABLES = 1.5  # × tables built last time
WORKING_SET = 85.0  # × raw tables
NEW_PUBLICATION = 4.0  # × raw tables
OLD_PUBLICATION = 1.25  # × what is published


class NotReadyError(UserError):
    """What keeps a run from starting, a sentence each; its text is all of them in one line.

    Attributes:
        problems: the sentences, at least one.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Space:
    """Bytes that a run needs beside what is there.

    Attributes:
        warehouse: in the folder of the warehouse file.
        published: in the published folder.
        spilled: at most, beside the warehouse file, for what doesn't fit in memory.
    """

    warehouse: int
    published: int
    spilled: int = 0


def check_ready(project: Project, target: str, nodes: Sequence[Node]) -> list[str]:
    """Refuses a run whose raw tables are not as declared, or that the disk has no room for.

    Returns:
        What may go wrong and doesn't have to, a sentence each.

    Raises:
        NotReadyError: with all that is wrong.
        UserError: when the warehouse file is held or can't be read.
    """
    file, published = warehouse_file(target), published_folder(target)
    raw = {table for node in nodes for table in node.raw_tables}
    built = {node.table for node in nodes if node.table}
    # opening the file again: reading the project took seconds, another run may have come first
    found = stored(file, [raw, built], memory_limit(target))
    publishes = any(node.name == PUBLISHING for node in nodes)
    needed = space_needed(found, _size(published / "regulars.duckdb"), publishes)
    problems = space_problems(needed, file.parent, published)
    readers = [node.name for node in nodes if node.raw_tables]
    if readers:
        problems += project.source_problems(readers)
    if problems:
        raise NotReadyError(problems)
    return space_warnings(needed, file.parent)


def space_needed(found: Stored, published: int, publishes: bool) -> Space:
    """An estimate from what is stored: the factors above, with the figures behind them.

    The warehouse file grows by 18 × the raw tables less what is built, or by 1.5 × what is
    built, whichever is more, less the free room inside it. The working set is at most 85 × the
    raw tables, and what of it exceeds memory is spilled beside the file. The published file
    takes 4 × the raw tables or 1.25 × the one before.

    Args:
        found: the raw tables that are read and the tables that are built, in this order.
        published: bytes of what is published now.
        publishes: whether the run publishes.
    """
    raw, built = found.groups
    grows = max(NEW_TABLES * raw - built, OLD_TABLES * built) - found.free
    spills = WORKING_SET * raw - found.memory
    publication = max(NEW_PUBLICATION * raw, OLD_PUBLICATION * published) if publishes else 0
    return Space(int(max(grows, 0)), int(publication), int(max(spills, 0)))


def space_problems(needed: Space, warehouse: Path, published: Path) -> list[str]:
    """A sentence for each file system that has less room than is needed.

    Args:
        needed: bytes for each of the two folders.
        warehouse: the folder of the warehouse file.
        published: the published folder; it may be missing.
    """
    wanted = {warehouse: needed.warehouse, published: needed.published}
    if _device(warehouse) == _device(published):
        wanted = {warehouse: needed.warehouse + needed.published}
    return [
        f"{folder} has {gigabytes(free)} free and this run needs about {gigabytes(size)} there:"
        " free some, or set REGULARS_HOME to a folder on a larger disk."
        for folder, size in wanted.items()
        if (free := shutil.disk_usage(_existing(folder)).free) < size
    ]


def space_warnings(needed: Space, warehouse: Path) -> list[str]:
    """A sentence when what doesn't fit in memory may not fit on the disk either."""
    free = shutil.disk_usage(_existing(warehouse)).free
    if not needed.spilled or free >= needed.warehouse + needed.spilled:
        return []
    return [
        f"{warehouse} has {gigabytes(free)} free; a run on so little memory may need up to"
        f" {gigabytes(needed.warehouse + needed.spilled)} there."
    ]


def memory_limit(target: str) -> str | None:
    """The memory limit that the profile sets for a target; none when it sets none.

    The setting may name environment variables, as dbt lets it: `env_var('NAME', 'default')`.
    """
    profile = read_yaml(project_folder() / "profiles.yml")["regulars"]["outputs"][target]
    limit = (profile.get("settings") or {}).get("memory_limit")
    if not limit:
        return None
    return Environment(autoescape=True).from_string(str(limit)).render(env_var=os.environ.get)


def gigabytes(size: float) -> str:
    """Bytes in gigabytes, such as '1.2 GB'; small ones aren't '0.0'."""
    return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{size / 1e6:.0f} MB"


def _device(folder: Path) -> int:
    return _existing(folder).stat().st_dev


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that exists."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
