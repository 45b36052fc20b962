"""How far a run is: a live bar on a terminal, a line now and then elsewhere."""

import threading
import time
from types import TracebackType
from typing import Self

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column

from regulars.building.run import Node


class LineProgress:
    """Lines on stderr for a log: one as each layer is first reached, and one every so often.

    Args:
        every: seconds after which a run that goes on says so again.
    """

    def __init__(self, every: float = 10) -> None:
        self._every = every
        self._began = self._said = time.monotonic()
        self._planned = self._done = 0
        self._running: dict[str, Node] = {}
        self._layers: list[str] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._heart = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._heart.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._heart.join()

    def say(self, what: str) -> None:
        """Says what is done before there are nodes."""
        with self._lock:
            self._line(what)

    def plan(self, nodes: int) -> None:
        """So many nodes there are."""
        with self._lock:
            self._planned = nodes

    def start(self, unique_id: str, node: Node) -> None:
        """A node begins."""
        with self._lock:
            self._running[unique_id] = node
            if node.layer not in self._layers:
                self._layers.append(node.layer)
                self._line(self._where(node.layer))

    def finish(self, unique_id: str) -> None:
        """A node is done, whichever way."""
        with self._lock:
            self._running.pop(unique_id, None)
            self._done += 1

    def _beat(self) -> None:
        while not self._ended.wait(self._every / 10):
            with self._lock:
                longest = next(iter(self._running.values()), None)
                if longest and time.monotonic() - self._said >= self._every:
                    self._line(f"{self._where(longest.layer)} ({longest.label})")

    def _where(self, layer: str) -> str:
        return f"{layer} … {self._done}/{self._planned}"

    def _line(self, text: str) -> None:
        self._said = time.monotonic()
        minutes, seconds = divmod(int(self._said - self._began), 60)
        click.echo(f"{minutes}:{seconds:02}  {text}", err=True)


class BarProgress:
    """A live bar on a terminal, gone at the end: the layer, the node, how many of how many."""

    def __init__(self, console: Console) -> None:
        self._bar = Progress(
            TextColumn(
                "{task.description}",
                table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"),
                markup=False,
            ),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            expand=True,
        )
        self._task = self._bar.add_task("reading the project", total=None)
        self._running: dict[str, Node] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def say(self, what: str) -> None:
        """Says what is done before there are nodes."""
        self._bar.update(self._task, description=what)

    def plan(self, nodes: int) -> None:
        """So many nodes there are."""
        self._bar.update(self._task, total=nodes)

    def start(self, unique_id: str, node: Node) -> None:
        """A node begins."""
        with self._lock:
            self._running[unique_id] = node
            self._show()

    def finish(self, unique_id: str) -> None:
        """A node is done, whichever way."""
        with self._lock:
            self._running.pop(unique_id, None)
            self._bar.advance(self._task)
            self._show()

    def _show(self) -> None:
        # the one that runs longest: what takes time stays in sight
        for node in list(self._running.values())[:1]:
            self._bar.update(self._task, description=f"{node.layer}: {node.label}")


def shown_progress(console: Console) -> BarProgress | LineProgress:
    """The progress that suits where stderr goes; a context manager."""
    return BarProgress(console) if console.is_terminal else LineProgress()
