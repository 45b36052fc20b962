"""Small made-up worlds, each made once."""

from collections.abc import Callable
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from regulars.demo.world import make_world

World = dict[str, pa.Table]


@cache
def _world(customers: int, years: int, seed: int) -> World:
    pieces: dict[str, list[pa.Table]] = {}
    for name, table in make_world(customers, years, seed):
        pieces.setdefault(name.partition(".")[2], []).append(table)
    return {name: pa.concat_tables(tables) for name, tables in pieces.items()}


@pytest.fixture(scope="session")
def world() -> World:
    """2,000 people over three years: table name → rows."""
    return _world(2_000, 3, 1)


@pytest.fixture(scope="session")
def ask(world: World) -> Callable[[str], Any]:
    """Runs a query that has one row on that world; one value, or a tuple of several."""
    connection = duckdb.connect()
    for name, table in world.items():
        connection.register(name, table)

    def answer(query: str) -> Any:
        row = connection.execute(query).fetchone()
        assert row is not None
        return row[0] if len(row) == 1 else row

    return answer
