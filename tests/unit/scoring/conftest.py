"""An engine to score on."""

import duckdb
import pytest

from regulars.engines.duckdb import DuckDBEngine


@pytest.fixture
def engine() -> DuckDBEngine:
    return DuckDBEngine(duckdb.connect())
