"""Types between Snowflake, Snowpark and Arrow."""

from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from regulars.engines.snowflake_types import arrow_columns, small, sql_type


def test_what_snowflake_sends_becomes_what_duckdb_would_send() -> None:
    sent = pa.table(
        {
            "CUSTOMERS_COUNT": pa.array([Decimal(7), None], pa.decimal128(38, 0)),
            "RANK": pa.array([1, 2], pa.int8()),
            "AMOUNT": pa.array([Decimal("1.25"), None], pa.decimal128(18, 4)),
            "SCORE": pa.array([0.1, None], pa.float64()),
            "OCCURRED_AT": pa.array([1_700_000_000_123_456_789, None], pa.timestamp("ns")),
        }
    )
    kept = arrow_columns(sent, {"score"})
    assert kept.schema == pa.schema(
        {
            "customers_count": pa.int64(),
            "rank": pa.int64(),
            "amount": pa.decimal128(18, 4),
            "score": pa.float32(),
            "occurred_at": pa.timestamp("us"),
        }
    )
    assert kept["occurred_at"][0].as_py() == datetime(2023, 11, 14, 22, 13, 20, 123_456)
    assert kept["customers_count"].to_pylist() == [7, None]


@pytest.mark.parametrize(
    ("name", "written"), [("AS_OF_DATE", "as_of_date"), ('"As of"', "As of"), ("V1", "v1")]
)
def test_names_are_small_unless_they_were_quoted(name: str, written: str) -> None:
    assert small(name) == written


def test_a_type_that_no_function_returns_is_an_error() -> None:
    assert sql_type(pa.decimal128(38, 4)) == "decimal(38, 4)"
    with pytest.raises(KeyError):
        sql_type(pa.list_(pa.int64()))
