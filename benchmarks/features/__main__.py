"""Speed and memory of the timeline and the features, beside a plain aggregate and other tools.

Usage:  python -m benchmarks.features [--events 5000000 --events 50000000] [--rounds 3]
        make bench-features

A log of a shop is made straight in the tables that the timeline reads, and the project's own
models are run on it by dbt, one at a time; then the SQL that it ran is run again without dbt. The
floor is one GROUP BY per customer of the same events, and ratios are of the seconds that all
cores worked. Other tools compute the same windowed counts and amounts in an environment of their
own; on a small log all of them must agree with the project first. Prints Markdown.
"""

import math
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click
import yaml

from benchmarks.features.costs import EVENTS, FAMILIES, Cost, Part, Rounds, alone, floor, measured
from benchmarks.features.events import EVENTS_PER_CUSTOMER, add_events, make_log
from benchmarks.features.peers import MEASURES, TOOLS
from benchmarks.features.project import Project, before, below
from benchmarks.features.rivals import Rivals, differences, export
from benchmarks.identity.world import Run
from regulars.project import project_folder

SAMPLE = 200_000
EVERYTHING = "path:models"
# what a run brings up to date, and what it finds out first to do so
KEPT = (
    *("timeline_owned", "timeline_chang", "timeline_events", "timeline_kept", "timeline_days"),
    *("timeline_orders", "timeline_items", "timeline_customer_days"),
)


@click.command(help=__doc__)
@click.option("--events", multiple=True, default=[5_000_000, 50_000_000], show_default=True)
@click.option("--rounds", default=3, show_default=True, help="Of which medians are taken.")
@click.option("--memory-limit", default="3GB", show_default=True, help="DuckDB's, in dbt.")
@click.option("--rivals/--no-rivals", default=True, show_default=True, help="Other tools, too.")
@click.option("--python", type=click.Path(path_type=Path), help="One that has the other tools.")
@click.option("--home", type=click.Path(path_type=Path), help="Work in this folder, and keep it.")
def main(
    events: tuple[int, ...],
    rounds: int,
    memory_limit: str,
    rivals: bool,
    python: Path | None,
    home: Path | None,
) -> None:
    """One table per number of events, then how the seconds grow."""
    os.environ["REGULARS_MEMORY_LIMIT"] = memory_limit
    with tempfile.TemporaryDirectory() as temporary:
        folder = home or Path(temporary)
        others = Rivals(python)
        if rivals and python is None:
            others = Rivals.installed_in(folder / "rivals")
        agree(others, folder / "sample")
        grown = [
            one_size(count, rounds, memory_limit, others, folder / str(count)) for count in events
        ]
    (few, first), (many, last) = (events[0], grown[0]), (events[-1], grown[-1])
    if many > few:
        click.echo("\n| | growth exponent, asked ≤ 1.1 |\n|---|---|")
        for name, seconds in first.items():
            exponent = math.log(last[name] / seconds) / math.log(many / few)
            click.echo(f"| {name} | {exponent:.2f} |")


def agree(others: Rivals, home: Path) -> None:
    """All tools on a small log: they must find what the project finds."""
    project = Project.made_in(home)
    make_log(project.file, SAMPLE)
    add_events(project.file, SAMPLE, 0, SAMPLE)
    project.world.build("--select", "resource_type:seed")
    project.run(EVERYTHING, snapshots=1, threads=2)
    as_of = export(project.file, home / "events.parquet")
    for tool in TOOLS:
        if not others.takes(tool, SAMPLE):
            click.echo(f"{tool}: not installed")
            continue
        others.run(tool, home / "events.parquet", home / f"{tool}.parquet", as_of, windows())
        found = differences(project.file, home / f"{tool}.parquet", windows())
        if found:
            raise click.ClickException(f"{tool} finds other values: {found}")
        columns = len(MEASURES) * len(windows())
        click.echo(f"{tool}: the same {columns} columns on {SAMPLE:,} events")


def one_size(
    count: int, rounds: int, memory_limit: str, others: Rivals, home: Path
) -> dict[str, float]:
    """Everything on one log; the seconds of which it is to be seen how they grow."""
    click.echo(f"\n**{count:,} events, {count // EVENTS_PER_CUSTOMER:,} customers**\n")
    project = Project.made_in(home)
    make_log(project.file, count)
    add_events(project.file, count, 0, count * 99 // 100)
    project.world.build("--select", "resource_type:seed")
    full = project.run(EVERYTHING, snapshots=1)
    models = Models(project.parents(), project.features())
    one = [each for each in project.statements() if each.name in models.timed]
    add_events(project.file, count, count * 99 // 100, count)
    daily = project.run(EVERYTHING, snapshots=1)
    project.run(*models.of_days, snapshots=6)
    six = [each for each in project.statements() if each.name in models.of_days]
    seen = measured(project, memory_limit, rounds, one, six)
    goals(models, seen)
    builds(full, daily)
    peaks(seen, full, daily)
    slowest(seen, full, daily)
    beside(project, memory_limit, models, seen, others, count)
    load, *_ = os.getloadavg()
    click.echo(f"\nLoad of the machine at the end: {load:.1f} on {os.cpu_count()} cores.")
    return {
        "the floor": seen.cost().processor,
        "all features at one day, from the events": seen.cost(models.everything()).processor,
        "full build, dbt included": full.processor,
    }


@dataclass(frozen=True)
class Models:
    """What is made from the events, and for which goal.

    Attributes:
        parents: which models each model reads.
        features: the models of the folder.
    """

    parents: dict[str, list[str]]
    features: list[str]

    @property
    def timed(self) -> set[str]:
        """All that is made anew by every round at one day."""
        shared = {"timeline_snapshots", "timeline_customer_snapshots"}
        return below(EVENTS, self.parents) | set(self.features) | shared

    @property
    def of_days(self) -> set[str]:
        """All that depends on which days features are computed at."""
        return {"timeline_snapshots", *below("timeline_snapshots", self.parents)} & self.timed

    def parts(self, family: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The tables of the timeline that a family reads; its models and those made for them."""
        models = [name for name in FAMILIES[family] if name in self.parents]
        read = self.made_for(models)
        own = [name for name in read if name in self.features]
        return tuple(name for name in read if name not in own), (*own, *models)

    def everything(self) -> Part:
        """Every model of the folder, and every table that one of them reads."""
        return Part((*self.features, *self.made_for(self.features)))

    def made_for(self, models: list[str]) -> list[str]:
        """The tables that are made from the events for these models."""
        made = below(EVENTS, self.parents) - {"timeline_events", "customer_timeline"}
        return before(models, self.parents, made)


def goals(models: Models, seen: Rounds) -> None:
    """What was asked, from the events and from the pre-aggregated tables."""
    days, windowed = models.parts("windows")
    items, distinct = models.parts("distinct")
    weeks, sequences = models.parts("sequences")
    one_day = Part((*days, *windowed))
    lines: list[tuple[str, float, tuple[Part, Part | None], tuple[Part, Part | None]]] = [
        (
            "windowed counts and amounts, one day / floor",
            5,
            (one_day, None),
            (Part(windowed), None),
        ),
        (
            "six days / one",
            2.5,
            (Part(days, windowed), one_day),
            (Part((), windowed), Part(windowed)),
        ),
        (
            "distinct items / windowed counts of one day",
            1.5,
            (Part((*items, *distinct)), one_day),
            (Part(distinct), Part(windowed)),
        ),
        (
            "104-week sequences / floor",
            4,
            (Part((*weeks, *sequences)), None),
            (Part(sequences), None),
        ),
        (
            "all features / floor",
            15,
            (models.everything(), None),
            (Part(tuple(models.features)), None),
        ),
    ]
    cost = seen.cost()
    click.echo(f"Floor: {said(cost)}.\n")
    click.echo("| | asked | from the events | seconds | from the tables | seconds |")
    click.echo("|---|---|---|---|---|---|")
    for name, asked, events, tables in lines:
        if not events[0].models:
            click.echo(f"| {name} | ≤ {asked} | not there | | | |")
            continue
        cells = [
            f"{seen.ratio(*pair):.2f} | {said(seen.cost(pair[0]))}" for pair in (events, tables)
        ]
        click.echo(f"| {name} | ≤ {asked} | " + " | ".join(cells) + " |")


def said(cost: Cost) -> str:
    """Seconds of all cores, and by the clock."""
    return f"{cost.processor:.2f} ({cost.seconds:.2f} by the clock)"


def builds(full: Run, daily: Run) -> None:
    """A run with 1% new events beside the first one."""
    click.echo("\n| by the clock | full build | 1% new events | asked | seen |")
    click.echo("|---|---|---|---|---|")
    layers = {
        "timeline and features": ("timeline_", "feature_", "customer_features"),
        "… kept from run to run": KEPT,
    }
    for name, prefixes in layers.items():
        first, then = (
            sum(run.seconds(node) for node in run.nodes if node.startswith(prefixes))
            for run in (full, daily)
        )
        asked = "≤ 10%" if name[0] != "…" else ""
        click.echo(f"| {name} | {first:.1f} s | {then:.1f} s | {asked} | {then / first:.0%} |")
    click.echo(
        f"| seconds of all cores, dbt included | {full.processor:.0f} | {daily.processor:.0f}"
        f" | | {daily.processor / full.processor:.0%} |"
    )


def peaks(seen: Rounds, full: Run, daily: Run) -> None:
    """Memory of whole processes: builds with dbt and Python, features alone."""
    click.echo("\n| peak memory | full build | 1% new events | features, one day | six days |")
    click.echo("|---|---|---|---|---|")
    click.echo(
        f"| asked ≤ 4 GB at 50 million | {full.peak:.2f} GB | {daily.peak:.2f} GB"
        f" | {seen.peak('one'):.2f} GB | {seen.peak('six'):.2f} GB |"
    )


def slowest(seen: Rounds, full: Run, daily: Run) -> None:
    """The models that take longest."""
    click.echo("")
    for name, run in {"full build": full, "1% new events": daily}.items():
        click.echo(f"Slowest by the clock, {name}: {run.slowest(8, list(run.nodes))}\n")
    for name, part in {"one day": seen.rounds[-1].one, "six days": seen.rounds[-1].six}.items():
        most = sorted(filter(None, part), key=lambda model: -part[model].processor)[:12]
        listed = ", ".join(f"{model} {part[model].processor:.2f}" for model in most)
        click.echo(f"Most seconds of all cores, {name}: {listed}\n")


def beside(
    project: Project, memory_limit: str, models: Models, seen: Rounds, others: Rivals, count: int
) -> None:
    """The other tools, from a file of events to a file of customers, floors around each."""
    days, windowed = models.parts("windows")
    ours = Part((*days, *windowed))
    columns = len(MEASURES) * len(windows())
    click.echo(f"| {columns} windowed columns at one day | seconds | of the floor | peak memory |")
    click.echo("|---|---|---|---|")
    alone_peak = windows_alone(project, memory_limit, ours)
    click.echo(
        f"| Regulars: {', '.join(ours.models)} | {said(seen.cost(ours))}"
        f" | {seen.ratio(ours):.1f} | {alone_peak:.2f} GB |"
    )
    file = project.world.home / "events.parquet"
    as_of = export(project.file, file)
    for tool, does in TOOLS.items():
        name = f"{tool}: {(does.__doc__ or '').partition(':')[0].rstrip('.').lower()}"
        if others.python is None:
            click.echo(f"| {name} | not installed | | |")
        elif not others.takes(tool, count):
            click.echo(f"| {name} | not tried on so many | | |")
        else:
            first = floor(project, memory_limit)
            cost = others.run(tool, file, project.world.home / f"{tool}.parquet", as_of, windows())
            mean = (first.processor + floor(project, memory_limit).processor) / 2
            ratio = cost.processor / mean
            click.echo(f"| {name} | {said(cost)} | {ratio:.1f} | {cost.peak:.2f} GB |")


def windows_alone(project: Project, memory_limit: str, part: Part) -> float:
    """Gigabytes at most for the windowed columns and the tables that they read."""
    made = [each for each in project.statements() if each.name in part.at_six + part.models]
    return alone(project.file, memory_limit, made)[""].peak


def windows() -> list[int]:
    """The var feature_windows."""
    project = yaml.safe_load((project_folder() / "dbt_project.yml").read_text())
    found: list[int] = project["vars"]["feature_windows"]
    return found


if __name__ == "__main__":
    main()
