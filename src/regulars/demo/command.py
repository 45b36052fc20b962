"""`regulars demo`: a made-up world in the warehouse of a target."""

from collections.abc import Iterator

import click
import pyarrow as pa
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from regulars.demo.world import block_count, make_world
from regulars.demo.writing import TABLES, write_tables
from regulars.project import warehouse_file


@click.command(epilog="Example:  regulars demo --customers 50000 --seed 7")
@click.option(
    "--customers",
    type=click.IntRange(50, 2_000_000),
    default=20_000,
    show_default=True,
    help="How many people there are.",
)
@click.option(
    "--years",
    type=click.IntRange(1, 10),
    default=3,
    show_default=True,
    help="How long it lasts; it ends on 2026-06-30.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="The same seed makes the same world.",
)
@click.option(
    "--target", default="demo", show_default=True, help="The target of profiles.yml to fill."
)
def demo(customers: int, years: int, seed: int, target: str) -> None:
    """Make a small made-up world: a crm and a shop, as raw tables to build on.

    Replaces an earlier demo in the target's warehouse file, with all that was built of it;
    what was published stays until the next build.
    """
    file = warehouse_file(target)
    pieces = 1 + (len(TABLES) - 1) * block_count(customers)
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task("making the world", total=pieces)

        def told() -> Iterator[tuple[str, pa.Table]]:
            for name, table in make_world(customers, years, seed):
                bar.update(task, description=f"writing {name}")
                yield name, table
                bar.advance(task)

        rows = write_tables(target, told())
    for name, count in rows.items():
        click.echo(f"{name:<22}{count:>13,}")
    click.echo(f"A world of {customers:,} people is in {file}.")
    click.echo(f"Next: {'dbt build' if target == 'demo' else f'regulars build --target {target}'}")
