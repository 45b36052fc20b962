"""Readers that open the published file again and again, while it is published again and again.

Usage:  python -m benchmarks.publishing [--readers 3] [--publishes 150]
        make bench-publishing

Every table carries the number of its generation. A reader opens the file, asks every table for
it over one connection and closes the file, as a BI tool does for a page. An answer that isn't
the same in all tables is a mixed generation. Ends with 1 when there was an error or a mix.
"""

import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

import click
import duckdb

from regulars.engines.duckdb_file import write_published_file
from regulars.engines.published_generations import FILE, generations

TABLES = ("customers", "customer_scores", "customer_timeline", "model_registry")
ROWS = 20_000
KEEP = 5


def publish(session: duckdb.DuckDBPyConnection, folder: Path, number: int) -> None:
    """Publishes tables that all hold their generation's number, in every row."""
    rows = f"select {number} as generation, range as id, md5(range::text) as t from range({ROWS})"
    tables = {name: session.sql(rows) for name in TABLES}
    run = session.sql(f"select 'run-{number}' as run_id, date '2026-06-30' as as_of_date")
    write_published_file(session, tables, run, folder, KEEP)


def read(file: Path, stop: Event, found: "Queue[Reads]") -> None:
    """Reads until it is told to stop; then says what it saw."""
    reads = Reads()
    while not stop.is_set():
        reads.add(file)
    found.put(reads)


class Reads:
    """What one reader saw: how often each generation, and what was wrong."""

    def __init__(self) -> None:
        self.seen: Counter[int] = Counter()
        self.mixed = 0
        self.errors: list[str] = []

    def add(self, file: Path) -> None:
        """Opens the file, asks each table for its generation and closes the file."""
        try:
            with duckdb.connect(str(file), read_only=True) as published:
                answers = [
                    published.execute(
                        f"select count(*), min(generation), max(generation) from {name}"
                    ).fetchall()
                    for name in TABLES
                ]
                ((own,),) = published.execute("select generation from publication").fetchall()
        except duckdb.Error as error:
            self.errors.append(str(error).splitlines()[0])
            return
        self.seen[own] += 1
        self.mixed += any(answer != [(ROWS, own, own)] for answer in answers)


@click.command(help=__doc__)
@click.option("--readers", default=3, show_default=True, help="Processes that read.")
@click.option("--publishes", default=150, show_default=True, help="Generations to publish.")
def main(readers: int, publishes: int) -> None:
    """Prints one table."""
    # started afresh: a fork would take the writer's connection along
    processes = multiprocessing.get_context("spawn")
    stop, found = processes.Event(), processes.Queue()
    with tempfile.TemporaryDirectory() as home, duckdb.connect() as session:
        folder = Path(home) / "published"
        publish(session, folder, 1)
        workers = [
            processes.Process(target=read, args=(folder / FILE, stop, found))
            for _ in range(readers)
        ]
        for worker in workers:
            worker.start()
        began = time.monotonic()
        for number in range(2, publishes + 1):
            publish(session, folder, number)
        seconds = time.monotonic() - began
        stop.set()
        all_reads = [found.get(timeout=60) for _ in workers]
        for worker in workers:
            worker.join()
        kept = len(generations(folder))
    reads = sum(sum(one.seen.values()) for one in all_reads)
    errors = [error for one in all_reads for error in one.errors]
    mixed = sum(one.mixed for one in all_reads)
    seen = {number for one in all_reads for number in one.seen}
    click.echo(
        "| publishes | readers | reads | generations seen | errors | mixed | kept | seconds |"
    )
    click.echo("|---|---|---|---|---|---|---|---|")
    click.echo(
        f"| {publishes} | {readers} | {reads:,} | {len(seen)} | {len(errors)} | {mixed}"
        f" | {kept} | {seconds:.0f} |"
    )
    for error, times in Counter(errors).most_common(3):
        click.echo(f"{times} × {error}", err=True)
    sys.exit(bool(errors or mixed or not reads))


if __name__ == "__main__":
    main()
