"""A made-up world of a million people: its time, its memory, and whether it is the same again.

Usage:  python -m benchmarks.big_world [--customers 1000000] [--home DIR]
        make bench-world

Each world is made by `regulars demo` in a process of its own; the peak memory is that process's.
A world of a twentieth of the size is made twice and compared row by row. Prints Markdown.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import duckdb

EVENTS = (
    "raw_shop.order_items",
    "raw_shop.returns",
    "raw_store.receipt_items",
    "raw_web.hits",
    "raw_messages.sends",
    "raw_messages.responses",
    "raw_crm.tickets",
    "raw_crm.leads",
    "raw_crm.lead_activities",
)


def make(home: Path, customers: int) -> tuple[float, float]:
    """Seconds, and gigabytes at the peak, of `regulars demo` for so many people."""
    home.mkdir(parents=True, exist_ok=True)
    script = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [str(Path(sys.executable).parent / "regulars"), "demo", "--customers", str(customers)]
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script, *command],
        env=os.environ | {"REGULARS_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    unit = 1024**3 if sys.platform == "darwin" else 1024**2
    return time.monotonic() - began, int(done.stdout) / unit


def counted(home: Path) -> tuple[int, float]:
    """Events of a world, and gigabytes of its file."""
    file = home / "warehouse" / "demo.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        counts = [
            connection.execute(f"select count(*) from {name}").fetchall()[0][0] for name in EVENTS
        ]
    return sum(counts), file.stat().st_size / 1024**3


def hashes(home: Path) -> dict[str, str]:
    """A hash of the rows of every table, in the order in which they stand."""
    file = home / "warehouse" / "demo.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() order by 1"
        ).fetchall()
        return {
            name: connection.execute(
                f"select md5(string_agg(hash(t)::varchar, ',' order by rowid)) from {name} as t"
            ).fetchall()[0][0]
            for (name,) in names
        }


@click.command()
@click.option("--customers", default=1_000_000, show_default=True)
@click.option("--home", type=click.Path(path_type=Path), help="Keep the large world here.")
def main(customers: int, home: Path | None) -> None:
    """Makes the worlds and prints the figures."""
    with tempfile.TemporaryDirectory() as folder:
        small = customers // 20
        click.echo("| people | events | seconds | events a second | peak memory | file |")
        click.echo("|---|---|---|---|---|---|")
        for people, where in (
            (small, Path(folder) / "one"),
            (small, Path(folder) / "two"),
            (customers, home or Path(folder) / "large"),
        ):
            seconds, gigabytes = make(where, people)
            events, size = counted(where)
            click.echo(
                f"| {people:,} | {events:,} | {seconds:.0f} | {events / seconds:,.0f}"
                f" | {gigabytes:.2f} GB | {size:.2f} GB |"
            )
        one, two = hashes(Path(folder) / "one"), hashes(Path(folder) / "two")
        differing = [name for name in one if one[name] != two.get(name)]
        click.echo(
            f"\n{len(one)} tables of {small:,} people made twice:"
            f" {len(differing)} differ{': ' + ', '.join(differing) if differing else ''}"
        )


if __name__ == "__main__":
    main()
