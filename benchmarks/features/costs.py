"""What models cost: seconds of the families of features, and of the aggregate beside them."""

import statistics
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.features.project import Project
from benchmarks.features.rivals import Cost, kibibytes
from benchmarks.identity.world import Run

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
FLOOR = (
    "create temp table floor as select customer_id, count(*) as events_count, sum(amount) as amount"
    f" from timeline.{EVENTS} group by customer_id"
)
ALONE = (
    "import duckdb, json, resource, sys, time\n"
    "con = duckdb.connect(sys.argv[1], read_only=True)\n"
    "con.execute('set enable_progress_bar = false')\n"
    "began = time.monotonic()\n"
    "con.execute(sys.argv[2]).fetchall()\n"
    "print(time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
)


@dataclass(frozen=True)
class Round:
    """The same work once: the aggregate, all features at one day, and at six.

    Attributes:
        floor: the aggregate, the mean of one before and one after.
        one: pre-aggregation and features, at one day.
        six: features at six days.
    """

    floor: float
    one: Run
    six: Run


@dataclass(frozen=True)
class Costs:
    """What was seen on a log.

    Attributes:
        parents: which models each model reads.
        features: the models of the folder.
        rounds: the same work several times.
    """

    parents: dict[str, list[str]]
    features: list[str]
    rounds: list[Round]

    def seconds(self, run: Run, names: Iterable[str]) -> float:
        """Of these models together, one at a time."""
        return sum(run.seconds(name) for name in names if name in run.nodes)

    def family(self, name: str) -> list[str]:
        """The models of a family, and those of the folder that only they are made from."""
        own = [model for model in FAMILIES[name] if model in self.parents]
        return own + [model for model in self.before(own) if model in self.features]

    def before(self, models: list[str]) -> list[str]:
        """What is made from the events for these models, the models themselves left out."""
        found: set[str] = set()
        waiting = list(models)
        while waiting:
            for parent in self.parents[waiting.pop()]:
                if parent not in found and parent in self.made_from_events():
                    found.add(parent)
                    waiting.append(parent)
        return sorted(found - set(models))

    def aggregates(self, models: list[str]) -> list[str]:
        """The tables of the timeline, made from the events, that these models read."""
        return [name for name in self.before(models) if name not in self.features]

    def made_from_events(self) -> set[str]:
        """All that depends on the events."""
        return below(EVENTS, self.parents)

    def ratio(self, top: "Quotient", bottom: "Quotient | None" = None) -> float:
        """The median over rounds of what `top` takes, in floors or in what `bottom` takes."""
        return statistics.median(
            top.of(self, one) / (bottom.of(self, one) if bottom else one.floor)
            for one in self.rounds
        )

    def median(self, what: "Quotient") -> float:
        """Seconds, the median over rounds."""
        return statistics.median(what.of(self, one) for one in self.rounds)


@dataclass(frozen=True)
class Quotient:
    """Some models' seconds: those of the first run, and those of the run at six days."""

    models: tuple[str, ...]
    at_six: tuple[str, ...] = ()

    def of(self, costs: Costs, one: Round) -> float:
        """In a round."""
        return costs.seconds(one.one, self.models) + costs.seconds(one.six, self.at_six)


def below(name: str, parents: dict[str, list[str]]) -> set[str]:
    """All models that depend on one."""
    found: set[str] = set()
    while True:
        more = {
            model
            for model, read in parents.items()
            if model not in found and (name in read or found.intersection(read))
        }
        if not more:
            return found
        found |= more


def floor(project: Project) -> Cost:
    """One plain aggregate per customer over the same events, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(project.file), FLOOR],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, peak = map(float, done.stdout.split())
    return Cost(seconds, peak / kibibytes())


def measured(project: Project, rounds: int) -> Costs:
    """Does all the work so many times; the log is laid out already."""
    parents, features = project.parents(), project.features()
    shared = ["timeline_snapshots", "timeline_customer_snapshots"]
    of_timeline = sorted(name for name in below(EVENTS, parents) if name.startswith("timeline_"))
    found = []
    for _ in range(rounds):
        before = floor(project)
        one = project.run(*shared, *of_timeline, *features, snapshots=1)
        between = floor(project)
        six = project.run(*shared, *features, snapshots=6)
        after = floor(project)
        mean = statistics.mean(each.seconds for each in (before, between, after))
        found.append(Round(mean, one, six))
    return Costs(parents, features, found)
