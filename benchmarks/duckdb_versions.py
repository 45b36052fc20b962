"""Opens a published file with older and newer versions of DuckDB, and counts the rows.

Usage:  python -m benchmarks.duckdb_versions published/demo/regulars.duckdb
        make bench-versions    (of what make demo published)

Each version is installed by uv into an environment that is thrown away. Every value of every
table is read. Ends with 1 when a version can't read the file, or counts otherwise.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import click

VERSIONS = ("1.1.3", "1.4.*", "1.5.*", "2.0.*")

READ = """
import duckdb, json, sys
rows = {}
with duckdb.connect(sys.argv[1], read_only=True) as published:
    for (name,) in published.execute("show tables").fetchall():
        ((rows[name], _),) = published.execute(
            f"select count(*), bit_xor(hash({name})) from {name}"
        ).fetchall()
print(json.dumps([duckdb.__version__, rows]))
"""


def counted(version: str, file: Path) -> tuple[str, dict[str, int]]:
    """The exact version of DuckDB that was installed, and the rows that it finds by table.

    Raises:
        click.ClickException: when it can't be installed, or can't read the file.
    """
    with tempfile.TemporaryDirectory() as home:
        python = Path(home) / "bin" / "python"
        run(sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, home)
        install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python"]
        run(*install, str(python), f"duckdb=={version}")
        exact, rows = json.loads(run(str(python), "-c", READ, str(file)))
    return exact, rows


def run(*command: str) -> str:
    """What a command prints.

    Raises:
        click.ClickException: when it fails, with the last line that it said.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException((done.stderr.strip().splitlines() or ["failed"])[-1])
    return done.stdout


@click.command(help=__doc__)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(file: Path) -> None:
    """Prints one table: tables down, versions across."""
    found: dict[str, dict[str, int]] = {}
    failed = False
    for version in VERSIONS:
        try:
            exact, rows = counted(version, file)
            found[exact] = rows
        except click.ClickException as error:
            click.echo(f"DuckDB {version}: {error.message}", err=True)
            failed = True
    names = sorted({name for rows in found.values() for name in rows})
    click.echo("| rows read by DuckDB | " + " | ".join(found) + " |")
    click.echo("|---|" + "---|" * len(found))
    for name in names:
        cells = [f"{rows[name]:,}" if name in rows else "missing" for rows in found.values()]
        click.echo(f"| `{name}` | " + " | ".join(cells) + " |")
        failed |= len(set(cells)) > 1
    sys.exit(failed)


if __name__ == "__main__":
    main()
