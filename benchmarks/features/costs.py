"""What models cost, beside one plain aggregate of the same events.

dbt builds everything once; then the SQL that it ran is run again and again, without dbt, in
processes of its own. Ratios are of the seconds that all cores worked, so that they hold on a
machine that has other work; the clock stands beside them.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.features.project import Project, Statement

# which models bring what the goals speak of; of those that aren't there, nothing is counted
FAMILIES = {
    "windows": [
        "feature_purchases",
        "feature_browsing",
        "feature_returns",
        "feature_messages",
    ],
    "distinct": ["feature_products"],
    "sequences": ["feature_sequences"],
}
EVENTS = "timeline_owned_events"
FLOOR = Statement(
    "floor",
    "create temp table floor as select customer_id, count(*) as events_count, sum(amount) as amount"
    f" from timeline.{EVENTS} group by customer_id",
)


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, seconds that all cores worked, and gigabytes at the peak."""

    seconds: float
    processor: float
    peak: float = 0


Costs = dict[str, Cost]


def kibibytes() -> int:
    """How many of the units that the system counts memory in are a gigabyte."""
    return 1024**3 if sys.platform == "darwin" else 1024**2


def alone(warehouse: Path, memory_limit: str, statements: Iterable[Statement]) -> Costs:
    """Runs statements in a process of their own; the peak of all stands under ''."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "statements.py"), warehouse, memory_limit],
        input=json.dumps([[one.name, one.sql] for one in statements]),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found = json.loads(done.stdout)
    (peak,) = found.pop("")
    return {
        "": Cost(0, 0, peak / kibibytes()),
        **{name: Cost(seconds, processor) for name, (seconds, processor) in found.items()},
    }


@dataclass(frozen=True)
class Round:
    """The same work once: the aggregate before and after, all features at one day, and at six."""

    floor: Cost
    one: Costs
    six: Costs


@dataclass(frozen=True)
class Part:
    """Some models at one day, and some at six."""

    models: tuple[str, ...]
    at_six: tuple[str, ...] = ()

    def of(self, one: Round) -> Cost:
        """What they cost together in a round."""
        costs = [one.one[name] for name in self.models] + [one.six[name] for name in self.at_six]
        return Cost(sum(cost.seconds for cost in costs), sum(cost.processor for cost in costs))


@dataclass(frozen=True)
class Rounds:
    """The same work several times; figures are medians."""

    rounds: list[Round]

    def cost(self, part: Part | None = None) -> Cost:
        """Of a part; without one, of the aggregate."""
        costs = [part.of(one) if part else one.floor for one in self.rounds]
        return Cost(
            statistics.median(cost.seconds for cost in costs),
            statistics.median(cost.processor for cost in costs),
        )

    def ratio(self, top: Part, bottom: Part | None = None) -> float:
        """Of the seconds that cores worked; without `bottom`, to the aggregate."""
        return statistics.median(
            top.of(one).processor / (bottom.of(one) if bottom else one.floor).processor
            for one in self.rounds
        )

    def peak(self, what: str) -> float:
        """Gigabytes at most, of the process that did all at `one` day or at `six`."""
        peaks: list[float] = [getattr(one, what)[""].peak for one in self.rounds]
        return max(peaks)


def floor(project: Project, memory_limit: str) -> Cost:
    """One plain aggregate per customer over the same events."""
    found = alone(project.file, memory_limit, [FLOOR])
    return Cost(found["floor"].seconds, found["floor"].processor, found[""].peak)


def measured(
    project: Project, memory_limit: str, rounds: int, one: list[Statement], six: list[Statement]
) -> Rounds:
    """Does all the work so many times.

    Args:
        project: built already.
        memory_limit: DuckDB's.
        rounds: how many times.
        one: what makes tables of the events, and features at one day.
        six: the same at six days; tables that don't depend on days are left out.
    """
    found = []
    for _ in range(rounds):
        before = floor(project, memory_limit)
        of_one = alone(project.file, memory_limit, one)
        between = floor(project, memory_limit)
        of_six = alone(project.file, memory_limit, six)
        floors = [before, between, floor(project, memory_limit)]
        mean = Cost(
            statistics.mean(each.seconds for each in floors),
            statistics.mean(each.processor for each in floors),
        )
        found.append(Round(mean, of_one, of_six))
    return Rounds(found)
