"""What the gates cost: their share of a whole run, and the memory of the checks alone.

Usage:  python -m benchmarks.gates [--customers 180000]    (about 10 million events)

A made-up world is built by `dbt run`. The share counts every node that exists for a gate:
checks, gates, and the models that measure for them; once of all seconds that nodes took, once
of those of a day without training. The memory is that of a process that runs those nodes alone,
dbt and Python included, now with a good run to compare with. Prints Markdown.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import duckdb

from regulars.project import project_folder

LAYERS = {
    "inputs": ["input_quality", "input_volumes", "input_volume_changes", "input_new_days"],
    "features": ["feature_magnitudes", "feature_profile", "feature_shifts", "label_shares"],
    "scores": ["score_bins", "score_shifts"],
}
# what must be of the run itself for a gate to be green
NEEDED = {"scores": ["customer_score_history"]}
NODES = {layer: [*names, f"check_{layer}", f"gate_{layer}"] for layer, names in LAYERS.items()}


@click.command()
@click.option("--customers", default=180_000, show_default=True)
@click.option("--years", default=3, show_default=True)
@click.option("--home", type=click.Path(path_type=Path), help="Keep the world in this folder.")
def main(customers: int, years: int, home: Path | None) -> None:
    """Builds a world twice and prints what its gates cost."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = home or Path(temporary)
        file = folder / "warehouse" / "demo.duckdb"
        if not file.exists():
            _run(folder, "regulars", "demo", "--customers", str(customers), "--years", str(years))
            _run(folder, *_dbt_command("seed"))
            _run(folder, *_dbt_command("run"))
        with duckdb.connect(str(file), read_only=True) as con:
            ((events,),) = con.execute("select count(*) from inputs.input_events").fetchall()
            ((nodes, seconds),) = con.execute(
                "select nodes, date_diff('millisecond', started_at, finished_at) / 1000"
                " from journal.runs where outcome = 'published' order by started_at limit 1"
            ).fetchall()
        took = {node["node"]: node["seconds"] for node in json.loads(nodes)}
        every = sum(took.values())
        daily = sum(spent for name, spent in took.items() if not name.startswith("train_"))
        click.echo(f"\n{events:,} events; dbt run took {seconds:.0f} s on two threads\n")
        click.echo("| gate | seconds | of all | of a day without training | peak memory alone |")
        click.echo("|---|---|---|---|---|")
        for layer, names in NODES.items():
            spent = sum(took[name] for name in names)
            peak = _peak_memory(folder, [*NEEDED.get(layer, []), *names])
            shares = f"{spent / every:.1%} | {spent / daily:.1%}"
            click.echo(f"| {layer} | {spent:.1f} | {shares} | {peak:.2f} GB |")
        total = sum(took[name] for names in NODES.values() for name in names)
        click.echo(f"| all | {total:.1f} | {total / every:.1%} | {total / daily:.1%} | |")


def _peak_memory(home: Path, nodes: list[str]) -> float:
    """Gigabytes that a run of these nodes alone takes at most, dbt and Python included."""
    script = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], capture_output=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, done.returncode)"
    )
    command = [sys.executable, "-c", script, *_dbt_command("run", "--select", *nodes)]
    done = subprocess.run(
        command, env=_environment(home), capture_output=True, text=True, check=True
    )
    kilobytes, code = map(int, done.stdout.split())
    if code:
        raise SystemExit(f"dbt run --select {' '.join(nodes)} failed")
    return kilobytes / 1024**2


def _dbt_command(command: str, *arguments: str) -> list[str]:
    where = ["--project-dir", str(project_folder()), "--profiles-dir", str(project_folder())]
    return [str(Path(sys.executable).parent / "dbt"), command, *where, *arguments]


def _run(home: Path, *command: str) -> None:
    (home / "warehouse").mkdir(parents=True, exist_ok=True)
    program = Path(command[0])
    if not program.is_absolute():
        program = Path(sys.executable).parent / program
    done = subprocess.run(
        [str(program), *command[1:]],
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _environment(home: Path) -> dict[str, str]:
    return os.environ | {
        "REGULARS_HOME": str(home),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
        "DO_NOT_TRACK": "1",
    }


if __name__ == "__main__":
    main()
