"""`regulars demo`: a made-up world in the warehouse of a target, and its next days."""

from collections.abc import Iterator
from typing import get_args

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from regulars.demo.block import Piece, block_count
from regulars.demo.calendar import DAY
from regulars.demo.settings import BusinessName, Dirt, Settings
from regulars.demo.world import calendar_of, make_world
from regulars.demo.writing import advance_world, day_of, read_world, write_world
from regulars.errors import UserError
from regulars.project import warehouse_file

# the pieces of so many blocks fit into a gigabyte, and are worth an insert
_BLOCKS_AT_ONCE = 2
_TARGET = click.option(
    "--target", default="demo", show_default=True, help="The target of profiles.yml to fill."
)


@click.group(
    invoke_without_command=True,
    epilog="Example:  regulars demo --customers 50000 --seed 7",
)
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
    type=click.IntRange(0, 2**62),
    default=1,
    show_default=True,
    help="The same seed makes the same world.",
)
@click.option(
    "--dirt",
    type=click.Choice(get_args(Dirt)),
    default="normal",
    show_default=True,
    help="How much is wrong with the data.",
)
@click.option(
    "--business",
    type=click.Choice(get_args(BusinessName)),
    default="retail",
    show_default=True,
    help="What the company sells.",
)
@_TARGET
@click.pass_context
def demo(
    context: click.Context,
    customers: int,
    years: int,
    seed: int,
    dirt: Dirt,
    business: BusinessName,
    target: str,
) -> None:
    """Make a made-up company: crm, shop, stores, website and messages, as raw tables.

    Replaces an earlier demo in the target's warehouse file, with all that was built of it;
    what was published stays until the next build. What is true of the made-up people stands
    in the schema `truth`, which nothing but benchmarks reads.
    """
    if context.invoked_subcommand is not None:
        return
    settings = Settings(customers, years, seed, dirt, business)
    clock = calendar_of(settings).end
    file = warehouse_file(target)
    pieces = make_world(settings, clock, blocks_at_once=_BLOCKS_AT_ONCE)
    rows = write_world(target, settings, clock, _with_progress(pieces, customers))
    _tell(rows)
    click.echo(f"A company with {customers:,} people is in {file}.")
    click.echo(f"Next: {'dbt build' if target == 'demo' else f'regulars build --target {target}'}")


@demo.command(epilog="Example:  regulars demo advance --days 7")
@click.option(
    "--days", type=click.IntRange(1), default=1, show_default=True, help="How many days pass."
)
@_TARGET
def advance(days: int, target: str) -> None:
    """Let the made-up world's next days come in, as a nightly load would bring them."""
    settings, clock = read_world(target)
    left = (calendar_of(settings).horizon - clock) // DAY
    if days > left:
        raise UserError(
            f"The world of {target} has {left} days to come, not {days}: make a new one with"
            " regulars demo, or advance by fewer days."
        )
    until = clock + days * DAY
    pieces = make_world(settings, until, clock, _BLOCKS_AT_ONCE)
    rows = advance_world(target, until, _with_progress(pieces, settings.customers))
    _tell(rows)
    click.echo(f"The last whole day is now {day_of(until)}.")


def _tell(rows: dict[str, int]) -> None:
    for name in sorted(name for name in rows if name.startswith("raw_")):
        click.echo(f"{name:<24}{rows[name]:>13,}")


def _with_progress(pieces: Iterator[Piece], customers: int) -> Iterator[Piece]:
    """The pieces as they come, with a bar that counts blocks of people."""
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
        task = bar.add_task("making the world", total=block_count(customers))
        for name, table in pieces:
            bar.update(task, description=f"writing {name}")
            yield name, table
            # once for so many blocks
            if name == "raw_web.hits":
                bar.advance(task, _BLOCKS_AT_ONCE)
