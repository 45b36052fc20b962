"""Runs dbt in this process and says in one line per node what went wrong."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from regulars.errors import UserError
from regulars.project import home, project_folder

FAILED = ("error", "fail", "runtime error")


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        nodes: how many nodes finished, whichever way.
        failures: one line per failed node: its name and why.
        skipped: how many nodes were not tried because of those.
        is_published: whether the published file was replaced.
    """

    nodes: int
    failures: list[str] = field(default_factory=list)
    skipped: int = 0
    is_published: bool = False


def run_dbt(
    arguments: list[str], on_node: Callable[[str, int, int], None] = lambda name, done, of: None
) -> Outcome:
    """Runs one dbt command on the project, from whichever directory.

    Args:
        arguments: dbt's own, such as ["build", "--target", "retail"].
        on_node: called after each node with its name, how many are done, and of how many.

    Raises:
        UserError: when dbt could not even start on the nodes; its text is one line.
    """
    from dbt.cli.main import dbtRunner  # importing dbt takes seconds: only who runs it pays

    folder = str(project_folder())
    os.environ["REGULARS_HOME"] = str(home())

    finished: list[str] = []
    planned = 0

    def hear(event: Any) -> None:
        nonlocal planned
        if event.info.name == "ConcurrencyLine":
            planned = event.data.node_count
        elif event.info.name == "NodeFinished":
            finished.append(event.data.node_info.node_name)
            on_node(finished[-1], len(finished), planned)

    where = ["--project-dir", folder, "--profiles-dir", folder]
    result = dbtRunner(callbacks=[hear]).invoke(
        [arguments[0], *where, "--log-level", "none", *arguments[1:]]
    )
    if result.exception is not None:
        raise UserError(one_line(str(result.exception)))
    results = list(getattr(result.result, "results", []))
    return Outcome(
        nodes=len(results),
        failures=[
            f"{r.node.name}: {one_line(r.message or '')}" for r in results if r.status in FAILED
        ],
        skipped=sum(r.status == "skipped" for r in results),
        is_published=any(r.node.name == "publish" and r.status == "success" for r in results),
    )


def one_line(message: str) -> str:
    """The sentence of a dbt error: without its heading, a traceback, or the code's path."""
    if "Traceback (most recent call last):" in message:
        return _raised(message)
    lines = [line.strip() for line in message.splitlines() if line.strip("^~ ")]
    headings = ("Runtime Error", "Compilation Error", "Database Error", "Parsing Error", "compiled")
    kept = [line for line in lines if not line.startswith(headings)]
    said = [line for line in kept if not line.startswith(("> in macro", "> called by"))]
    return " ".join(" ".join(said or lines).split())


def _raised(message: str) -> str:
    """What the exception says at the end of a traceback, which may be several lines."""
    heading, _, rest = message.rpartition("Traceback (most recent call last):")
    indent = heading.rpartition("\n")[2]
    lines = rest.splitlines()[1:]
    # frames stand deeper than the heading, and the exception as deep as it
    deeper = (f"{indent} ", f"{indent}\t")
    start = next((n for n, line in enumerate(lines) if not line.startswith(deeper)), 0)
    text = " ".join(" ".join(lines[start:]).split())
    said = text.partition(": ")[2]
    return said if " " in said else text
