"""Runs that are killed at any moment, and what the next run makes of what they leave.

Usage:  python -m benchmarks.kills [--kills 20] [--customers 700] [--seed 1]
        make bench-kills

A small made-up world is built and published as of an earlier day. Then its later days come in,
with corrections and rows that are gone, and a training is asked for. Runs over that are ended
with SIGKILL: half of them anywhere between their first and last moment, half while or right
after a node works that changes what outlives a run. A third of the kills hit the run that was
to recover from the one before. After each kill what BI reads must be whole, all of it from
before or all of it from after; once a run comes to its end, every table must hold what it holds
without any kill. Ends with 1 when anything is wrong.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
import duckdb

from tests.worlds import BIN, Row, World

# nodes and hooks that change what outlives a run, or what others see of it
CHOSEN = (
    "on-run-start",
    "input_volumes",
    "check_inputs",
    "identity_map",
    "identity_changes",
    "feature_profile",
    "train_churn",
    "model_registry",
    "customer_score_history",
    "publication_run",
    "publish",
    "on-run-end",
)
EARLIER_DAY = "2026-06-20"
COMMANDS = {
    "run": ["run", "--vars", "{retrain: true}"],
    "build": ["build", "--vars", "{retrain: true}"],
}
LATER_LOAD = (
    "update raw_shop.order_items set quantity = quantity + 1 where hash(order_id) % 50 = 0",
    "delete from raw_crm.profiles where hash(profile_id) % 50 = 0",
)


@dataclass(frozen=True)
class Moment:
    """What a run does from here on.

    Attributes:
        at: seconds since the first moment.
        event: start or end.
        node: a node's or a hook's name.
    """

    at: float
    event: str
    node: str


@dataclass(frozen=True)
class Point:
    """When to kill: some seconds after a node starts or ends."""

    event: str
    node: str
    after: float

    def __str__(self) -> str:
        return f"{self.node} {self.event} + {self.after:.2f} s"


@dataclass
class Clean:
    """What runs that nobody killed have left.

    Attributes:
        before: what BI reads before the later load.
        after: what it reads after it.
        tables: every table after one run over it, and after a second one.
        timelines: of each command.
    """

    before: dict[str, Row]
    after: dict[str, Row] = field(default_factory=dict)
    tables: list[dict[str, Row]] = field(default_factory=list)
    timelines: dict[str, list[Moment]] = field(default_factory=dict)


def start(world: World, command: str) -> subprocess.Popen[str]:
    """dbt in a process of its own, which tells what it does as JSON."""
    arguments = world.dbt_arguments(*COMMANDS[command], "--log-format", "json")
    return subprocess.Popen(
        [str(BIN / "dbt"), *arguments],
        # what a killed run leaves in its temporary folder goes with the world
        env=os.environ | world.settings | {"TMPDIR": str(world.home)},
        cwd=world.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def moments(process: subprocess.Popen[str]) -> Iterator[Moment]:
    """What a process does, as it does it; from the moment that hooks and nodes are known."""
    began = None
    for line in process.stdout or ():
        told = json.loads(line)
        name, data = told["info"]["name"], told["data"]
        now = time.monotonic()
        if name == "ConcurrencyLine":
            began = now
            yield Moment(0.0, "start", "on-run-start")
        elif began is not None and name == "EndOfRunSummary":
            yield Moment(now - began, "end", "on-run-end")
        elif began is not None and name == "LogStartLine":
            yield Moment(now - began, "start", data["node_info"]["node_name"])
        elif began is not None and name.startswith("Log") and name.endswith("Result"):
            node = data["node_info"]["node_name"]
            yield Moment(now - began, "end", node)
            if node == "publish":
                yield Moment(now - began, "start", "on-run-end")


def watch(world: World, command: str) -> list[Moment]:
    """Runs a command to its end; what it did and when."""
    process = start(world, command)
    timeline = list(moments(process))
    if process.wait():
        raise click.ClickException(f"dbt {command} fails without being killed: see {world.home}")
    return timeline


def kill(world: World, command: str, point: Point) -> float | None:
    """Kills a run at a point; the seconds that it came to, or None when it had ended before."""
    process = start(world, command)
    began = time.monotonic()
    for moment in moments(process):
        if (moment.event, moment.node) == (point.event, point.node):
            began = time.monotonic() - moment.at
            time.sleep(point.after)
            break
    is_running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return time.monotonic() - began if is_running else None


def choose(number: int, timeline: list[Moment], chance: random.Random) -> Point:
    """Every other time a point anywhere, else one around a node that matters."""
    if number % 2:
        at = chance.uniform(0, timeline[-1].at)
        last = max((m for m in timeline if m.at <= at), key=lambda m: m.at)
        return Point(last.event, last.node, at - last.at)
    node = CHOSEN[number // 2 % len(CHOSEN)]
    begins = next(m.at for m in timeline if (m.event, m.node) == ("start", node))
    ends = next((m.at for m in timeline if (m.event, m.node) == ("end", node)), None)
    if ends is not None and node != "on-run-end" and chance.random() < 0.5:
        return Point("end", node, chance.uniform(0, 0.05))
    return Point("start", node, chance.uniform(0, (ends or begins + 1) - begins))


def faults_after_kill(world: World, clean: Clean) -> tuple[bool, list[str]]:
    """Whether a killed run's publication is in place, and what is wrong with what it left."""
    wrong = []
    try:
        read = world.published_fingerprints()
        is_published = read == clean.after
        if not is_published and read != clean.before:
            wrong.append("what BI reads is neither from before nor from after")
    except duckdb.Error as error:
        is_published = False
        wrong.append(f"what BI reads can't be opened: {error}")
    try:
        world.value("select count(*) from raw_shop.orders")
    except duckdb.Error as error:
        wrong.append(f"the warehouse can't be opened: {error}")
    json.loads(world.published.with_name("status.json").read_text())
    return is_published, wrong


def faults_after_run(world: World, expected: dict[str, Row]) -> list[str]:
    """What is wrong after a run that came to its end."""
    found = world.fingerprints()
    wrong = [
        f"{table} is not what it is without a kill"
        for table in sorted(found.keys() | expected.keys())
        if found.get(table) != expected.get(table)
    ]
    left = world.rows(
        "select view_name from duckdb_views() where not internal and view_name like '%\\_\\_dbt%'"
        " escape '\\' union all"
        " select table_name from duckdb_tables() where table_name like '%\\_\\_dbt%' escape '\\'"
    )
    wrong += [f"{table} is left over" for (table,) in left]
    wrong += [f"{file.name} is left over" for file in world.published.parent.rglob(".*draft*")]
    still_open = world.value("select count(*) from journal.runs where outcome = 'running'")
    if still_open:
        wrong.append(f"{still_open} killed runs are still open in the journal")
    if world.status["state"] != "published":
        wrong.append(f"status.json says {world.status['state']}")
    return wrong


def prepare(home: Path, customers: int) -> tuple[World, Clean]:
    """A world with a good run and a later load, and what runs over it leave when nobody kills."""
    world = World(home / "before", "demo")
    world.home.mkdir()
    world.regulars("demo", "--customers", str(customers), "--years", "2")
    world.dbt(
        "build",
        "--resource-type",
        "model",
        "--resource-type",
        "seed",
        "--vars",
        f"{{as_of_date: '{EARLIER_DAY}'}}",
    )
    world.change(*LATER_LOAD)
    clean = Clean(world.published_fingerprints())
    reference = world.copy(home / "clean")
    for command in COMMANDS:
        clean.timelines[command] = watch(reference, command)
        clean.tables.append(reference.fingerprints())
        read = reference.published_fingerprints()
        if clean.after not in ({}, read):
            raise click.ClickException("a second run over the same load publishes other values")
        clean.after = read
    return world, clean


@click.command(help=__doc__)
@click.option("--kills", default=20, show_default=True, help="How often a run is killed.")
@click.option("--customers", default=700, show_default=True, help="People of the made-up world.")
@click.option("--seed", default=1, show_default=True, help="Chooses the points.")
def main(kills: int, customers: int, seed: int) -> None:
    """Prints a line per kill."""
    chance = random.Random(seed)
    faults = []
    reruns = 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        before, clean = prepare(home, customers)
        click.echo("| kill | command | at | seconds into the run | published | afterwards |")
        click.echo("|---|---|---|---|---|---|")
        world, is_published = None, False
        for number in range(1, kills + 1):
            if world is None:
                world, is_published = before.copy(home / str(number)), False
            command = chance.choice(list(COMMANDS))
            point = choose(number, clean.timelines[command], chance)
            seconds = kill(world, command, point)
            stands, wrong = faults_after_kill(world, clean)
            if is_published and not stands:
                wrong.append("what BI reads went back to what it was before")
            is_published = stands
            afterwards = "the next run is killed too"
            if number == kills or chance.random() < 2 / 3:
                world.dbt(*COMMANDS["run"])
                wrong += faults_after_run(world, clean.tables[is_published])
                reruns += 1
                shutil.rmtree(world.home)
                world = None
                afterwards = "a run to its end: all tables equal"
            came_to = "had ended" if seconds is None else f"{seconds:.1f}"
            click.echo(
                f"| {number} | dbt {command} | {point} | {came_to}"
                f" | {'yes' if is_published else 'no'} | {'; '.join(wrong) or afterwards} |"
            )
            faults += wrong
    click.echo(f"{kills} kills, {reruns} runs to their end, {len(faults)} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
