"""Speed and memory of the timeline and the features, beside a plain aggregate and other tools.

Usage:  python -m benchmarks.features [--events 5000000 --events 50000000] [--rounds 3]
        make bench-features

A log of a shop is made straight in the tables that the timeline reads, and the project's own
models are run on it by dbt, one at a time. The floor is one GROUP BY per customer of the same
events. Other tools compute the same windowed counts and amounts in an environment of their own;
on a small log all of them must agree with the project first. Prints Markdown.
"""

import math
import os
import tempfile
from pathlib import Path

import click
import yaml

from benchmarks.features.costs import Costs, Quotient, floor, measured
from benchmarks.features.events import add_events, make_log
from benchmarks.features.peers import MEASURES, TOOLS
from benchmarks.features.project import Project
from benchmarks.features.rivals import Cost, Rivals, differences, export
from benchmarks.identity.world import Run
from regulars.project import project_folder

SAMPLE = 200_000
EVERYTHING = "path:models"


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
        grown = [one_size(count, rounds, others, folder / str(count)) for count in events]
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


def one_size(count: int, rounds: int, others: Rivals, home: Path) -> dict[str, float]:
    """Everything on one log; the seconds of which it is to be seen how they grow."""
    click.echo(f"\n**{count:,} events, {count // 100:,} customers**\n")
    project = Project.made_in(home)
    make_log(project.file, count)
    add_events(project.file, count, 0, count * 99 // 100)
    project.world.build("--select", "resource_type:seed")
    full = project.run(EVERYTHING, snapshots=1)
    add_events(project.file, count, count * 99 // 100, count)
    daily = project.run(EVERYTHING, snapshots=1)
    costs = measured(project, rounds)
    goals(costs)
    builds(full, daily)
    peaks(costs, full, daily)
    slowest(costs, full, daily)
    beside(project, costs, others, count)
    load, *_ = os.getloadavg()
    click.echo(f"\nLoad of the machine at the end: {load:.1f} on {os.cpu_count()} cores.")
    everything = tuple(full.nodes)
    return {
        "all features at one day, from the events": costs.median(all_features(costs)),
        "the floor": sum(one.floor for one in costs.rounds) / rounds,
        "full build": costs.seconds(full, everything),
    }


def goals(costs: Costs) -> None:
    """What was asked, from the events and from the pre-aggregated tables."""
    windowed, distinct, weeks = (
        costs.family(name) for name in ("windows", "distinct", "sequences")
    )
    of_windows, of_distinct = costs.aggregates(windowed), costs.aggregates(distinct)
    of_weeks = costs.aggregates(weeks)
    one_day = Quotient((*windowed, *of_windows))
    from_tables = Quotient(tuple(windowed))
    lines = [
        (
            "windowed counts and amounts, one day / floor",
            5,
            costs.ratio(one_day),
            costs.ratio(from_tables),
        ),
        (
            "six days / one",
            2.5,
            costs.ratio(Quotient(tuple(of_windows), tuple(windowed)), one_day),
            costs.ratio(Quotient((), tuple(windowed)), from_tables),
        ),
        (
            "distinct items / windowed counts of one day",
            1.5,
            costs.ratio(Quotient((*distinct, *of_distinct)), one_day),
            costs.ratio(Quotient(tuple(distinct)), from_tables),
        ),
        (
            "104-week sequences / floor",
            4,
            costs.ratio(Quotient((*weeks, *of_weeks))),
            costs.ratio(Quotient(tuple(weeks))),
        ),
        (
            "all features / floor",
            15,
            costs.ratio(all_features(costs)),
            costs.ratio(Quotient(tuple(costs.features))),
        ),
    ]
    seconds = ", ".join(f"{one.floor:.2f}" for one in costs.rounds)
    click.echo(f"Floor: {seconds} s.\n")
    click.echo("| | asked | from the events | from the pre-aggregated tables |")
    click.echo("|---|---|---|---|")
    for name, asked, ratio, less in lines:
        cells = f"{ratio:.2f} | {less:.2f}" if ratio else "not there yet | "
        click.echo(f"| {name} | ≤ {asked} | {cells} |")


def all_features(costs: Costs) -> Quotient:
    """Every model of the folder, and every table that one of them reads."""
    return Quotient((*costs.features, *costs.aggregates(costs.features)))


def builds(full: Run, daily: Run) -> None:
    """A run with 1% new events beside the first one."""
    click.echo("\n| | full build | 1% new events | asked | seen |\n|---|---|---|---|---|")
    layers = {
        "timeline and features": ("timeline_", "feature_", "customer_features"),
        "… events kept from run to run": ("timeline_owned", "timeline_chang", "timeline_events"),
    }
    for name, prefixes in layers.items():
        first, then = (
            sum(run.seconds(node) for node in run.nodes if node.startswith(prefixes))
            for run in (full, daily)
        )
        asked = "≤ 10%" if name[0] != "…" else ""
        click.echo(f"| {name} | {first:.1f} s | {then:.1f} s | {asked} | {then / first:.0%} |")


def peaks(costs: Costs, full: Run, daily: Run) -> None:
    """Memory of whole processes, dbt and Python included."""
    one, six = (max(getattr(each, name).peak for each in costs.rounds) for name in ("one", "six"))
    click.echo("\n| peak memory | full build | 1% new events | features, one day | six days |")
    click.echo("|---|---|---|---|---|")
    click.echo(
        f"| asked ≤ 4 GB at 50 million | {full.peak:.2f} GB | {daily.peak:.2f} GB"
        f" | {one:.2f} GB | {six:.2f} GB |"
    )


def slowest(costs: Costs, full: Run, daily: Run) -> None:
    """The models that take longest."""
    last = costs.rounds[-1]
    runs = {"full build": full, "1% new events": daily, "features": last.one, "six days": last.six}
    click.echo("")
    for name, run in runs.items():
        click.echo(f"Slowest, {name}: {run.slowest(8, list(run.nodes))}\n")


def beside(project: Project, costs: Costs, others: Rivals, count: int) -> None:
    """The other tools, from a file of events to a file of customers, floors around each."""
    windowed = costs.family("windows")
    ours = Quotient((*windowed, *costs.aggregates(windowed)))
    peak = max(one.one.peak for one in costs.rounds)
    columns = len(MEASURES) * len(windows())
    click.echo(f"| {columns} windowed columns at one day | seconds | of the floor | peak memory |")
    click.echo("|---|---|---|---|")
    click.echo(
        f"| Regulars, {', '.join(windowed)} and what they read | {costs.median(ours):.1f}"
        f" | {costs.ratio(ours):.1f} | {peak:.2f} GB, all features and dbt included |"
    )
    file = project.world.home / "events.parquet"
    as_of = export(project.file, file)
    for tool, does in TOOLS.items():
        said = (does.__doc__ or "").partition(":")[0].rstrip(".").lower()
        name = f"{tool}, {said}"
        if others.python is None:
            click.echo(f"| {name} | not installed | | |")
        elif not others.takes(tool, count):
            click.echo(f"| {name} | not tried on so many | | |")
        else:
            before = floor(project)
            result = project.world.home / f"{tool}.parquet"
            cost: Cost = others.run(tool, file, result, as_of, windows())
            mean = (before.seconds + floor(project).seconds) / 2
            ratio = cost.seconds / mean
            click.echo(f"| {name} | {cost.seconds:.1f} | {ratio:.1f} | {cost.peak:.2f} GB |")


def windows() -> list[int]:
    """The var feature_windows."""
    project = yaml.safe_load((project_folder() / "dbt_project.yml").read_text())
    found: list[int] = project["vars"]["feature_windows"]
    return found


if __name__ == "__main__":
    main()
