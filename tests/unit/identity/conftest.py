"""A session in memory, as dbt's Python models get one."""

from collections.abc import Iterator

import duckdb
import pytest

from regulars.engines.duckdb import DuckDBEngine


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with duckdb.connect() as session:
        yield DuckDBEngine(session)
