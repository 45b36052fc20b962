"""Other tools on the same events, each in a process of its own, in an environment of their own."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb

from benchmarks.features.costs import Cost, kibibytes
from benchmarks.features.peers import MEASURES

HERE = Path(__file__).parent
# what holds the whole log in memory as objects isn't tried on more events than this
MOST_EVENTS = {"duckdb": None, "polars": None, "pandas": 10_000_000, "featuretools": 10_000_000}
EXPORT = """
copy (
    select customer_id, event_type, event_date, known_date, quantity::double as quantity,
        amount::double as amount, discount_amount::double as discount_amount
    from timeline.timeline_owned_events where event_number is not null
) to '{file}' (format parquet)
"""


@dataclass(frozen=True)
class Rivals:
    """The tools of peers.py, and the interpreter that has them; none where they can't be had."""

    python: Path | None

    @classmethod
    def installed_in(cls, folder: Path) -> "Rivals":
        """A new environment with requirements.txt."""
        python = folder / "bin" / "python"
        here = [sys.executable, "-m", "venv", str(folder)]
        there = [str(python), "-m", "pip", "install", "--quiet", "--requirement"]
        for command in (here, [*there, str(HERE / "requirements.txt")]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                click.echo(f"The other tools can't be installed: {done.stderr[-500:]}", err=True)
                return cls(None)
        return cls(python)

    def takes(self, tool: str, events: int) -> bool:
        """Whether a tool is there, and tried on so many events."""
        most = MOST_EVENTS[tool]
        return self.python is not None and (most is None or events <= most)

    def run(self, tool: str, events: Path, result: Path, as_of: str, windows: list[int]) -> Cost:
        """One tool, from a file of events to a file of customers."""
        ages = [str(days) for days in windows]
        command = [str(self.python), "-W", "ignore", str(HERE / "peers.py"), tool]
        done = subprocess.run(
            [*command, str(events), str(result), as_of, *ages],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise click.ClickException(f"{tool} failed:\n{done.stderr[-2000:]}")
        found = json.loads(done.stdout.splitlines()[-1])
        return Cost(found["seconds"], found["processor"], found["peak"] / kibibytes())


def export(warehouse: Path, file: Path) -> str:
    """Writes the events of the timeline as the tools read them; the day that it stands at."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        con.execute("set enable_progress_bar = false")
        con.execute(EXPORT.format(file=file)).fetchall()
        ((day,),) = con.execute("select as_of_date from timeline.timeline_as_of_date").fetchall()
    return str(day)


def differences(warehouse: Path, result: Path, windows: list[int]) -> dict[str, int]:
    """How many customers have another value than in customer_features, per column that differs.

    Raises:
        click.ClickException: the project has not all the columns.
    """
    names = [f"{name}_{days}d" for name in MEASURES for days in windows]
    with duckdb.connect(str(warehouse), read_only=True) as con:
        ours = con.sql("select * from features.customer_features").columns
        if missing := [name for name in names if name not in ours]:
            raise click.ClickException(f"customer_features has no {', '.join(missing)}.")
        counts = ", ".join(
            f"count_if(abs(coalesce(theirs.{name}, 0) - ours.{name}) > 0.001)" for name in names
        )
        (found,) = con.execute(
            f"select {counts} from features.customer_features as ours"
            f" full join read_parquet('{result}') as theirs using (customer_id)"
            " inner join timeline.timeline_as_of_date using (as_of_date)"
        ).fetchall()
    return {name: count for name, count in zip(names, found, strict=True) if count}
