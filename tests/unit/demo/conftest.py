"""Small made-up worlds, each made once."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from regulars.demo.settings import Settings
from regulars.demo.world import calendar_of, make_world

World = dict[str, pa.Table]


@cache
def world_of(settings: Settings) -> World:
    """All tables of a world, as schema.table → rows."""
    return collect(make_world(settings, calendar_of(settings).end))


def collect(pieces: Iterator[tuple[str, pa.Table]]) -> World:
    """The pieces of each table together."""
    tables: dict[str, list[pa.Table]] = {}
    for name, table in pieces:
        tables.setdefault(name, []).append(table)
    return {name: pa.concat_tables(parts) for name, parts in tables.items()}


def query_of(world: World) -> Callable[[str], Any]:
    """Runs a query that has one row on a world; one value, or a tuple of several."""
    connection = duckdb.connect()
    for name, table in world.items():
        connection.execute(f"create schema if not exists {name.partition('.')[0]}")
        connection.register("piece", table)
        connection.execute(f"create table {name} as from piece")
        connection.unregister("piece")

    def answer(query: str) -> Any:
        (row,) = connection.execute(query).fetchall()
        return row[0] if len(row) == 1 else row

    return answer


@pytest.fixture(scope="session")
def world() -> World:
    """3,000 people over three years."""
    return world_of(Settings(3_000, 3))


@pytest.fixture(scope="session")
def ask(world: World) -> Callable[[str], Any]:
    """Asks that world."""
    return query_of(world)


@pytest.fixture(scope="session")
def clean() -> Callable[[str], Any]:
    """Asks a world in which nothing was written down wrongly."""
    return query_of(world_of(Settings(1_500, 2, dirt="none")))


@pytest.fixture(scope="session")
def travel() -> Callable[[str], Any]:
    """Asks a world in which the company flies people around."""
    return query_of(world_of(Settings(1_500, 2, business="travel")))
