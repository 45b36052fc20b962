"""From a training view to numbers."""

from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from regulars.engines.duckdb import DuckDBEngine
from regulars.errors import UserError
from regulars.training.matrix import (
    BLOCK_ROWS,
    Matrix,
    feature_names,
    read_training_matrix,
    to_values,
)

VIEW = """
    select * from (values
        ('b', date '2024-02-01', 3, 1.25::decimal(18,4), true, false, 1),
        ('a', date '2024-02-01', null, 2.5, false, false, 0),
        ('c', date '2024-01-01', 5, null, null, false, 1),
        ('d', date '2024-03-01', 7, 1, true, true, null)
    ) as rows(customer_id, as_of_date, orders_count, revenue_amount, is_new, is_current, label)
"""


@pytest.fixture
def engine() -> DuckDBEngine:
    return DuckDBEngine(duckdb.connect())


def test_rows_are_sorted_and_those_without_a_label_left_out(engine: DuckDBEngine) -> None:
    matrix = read_training_matrix(engine, engine.session.sql(VIEW))
    assert matrix.features == ("orders_count", "revenue_amount", "is_new")
    assert matrix.dates.astype(date).tolist() == [date(2024, 1, 1), *[date(2024, 2, 1)] * 2]
    assert matrix.labels.tolist() == [1, 0, 1]
    assert len(matrix) == 3


def test_values_are_32_bit_floats_with_nan_for_null(engine: DuckDBEngine) -> None:
    values = read_training_matrix(engine, engine.session.sql(VIEW)).values
    assert values.dtype == np.float32
    expected = [[5, np.nan, np.nan], [np.nan, 2.5, 0], [3, 1.25, 1]]
    np.testing.assert_array_equal(values, np.array(expected, np.float32))


def test_where_keeps_rows_together(engine: DuckDBEngine) -> None:
    matrix = read_training_matrix(engine, engine.session.sql(VIEW))
    newest = matrix.where(matrix.dates == matrix.dates.max())
    assert newest.labels.tolist() == [0, 1]
    assert newest.values[:, 1].tolist() == [2.5, 1.25]
    assert newest.features == matrix.features


def test_columns_that_can_be_no_feature_are_refused_by_name(
    engine: DuckDBEngine,
) -> None:
    view = engine.session.sql(
        "select 'x' as customer_id, 1 as orders_count, 'DE' as country, current_date as joined_on,"
        " interval 1 day as gap, [1, 2] as counts, {'count': 1} as nested, 0 as label"
    )
    with pytest.raises(UserError, match=r"not: joined_on, gap, counts, nested\.$"):
        feature_names(engine, view)


@pytest.mark.parametrize(
    "type_",
    ["tinyint", "uinteger", "hugeint", "decimal(9,2)", "float", "double", "boolean", "varchar"],
)
def test_numbers_of_all_kinds_and_text_are_features(engine: DuckDBEngine, type_: str) -> None:
    view = engine.session.sql(f"select cast(1 as {type_}) as feature, 1 as label")
    assert feature_names(engine, view) == ("feature",)


def test_without_rows_the_matrix_is_empty(engine: DuckDBEngine) -> None:
    matrix = read_training_matrix(engine, engine.session.sql(f"from ({VIEW}) where label > 1"))
    assert len(matrix) == 0
    assert matrix.values.shape == (0, 3)


def test_features_are_chosen_by_name_and_all_of_them_without_a_copy() -> None:
    values = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    matrix = Matrix(("a", "b", "c"), values, np.zeros(2), np.zeros(2, "datetime64[D]"))
    turned = matrix.only(["c", "a"])
    assert turned.features == ("c", "a")
    assert turned.values.tolist() == [[3, 1], [6, 4]]
    assert matrix.only(["a", "b", "c"]) is matrix
    assert matrix.only(["c", "b", "a"]).values.tolist() == [[3, 2, 1], [6, 5, 4]]


def test_rows_stay_where_they_are_over_blocks_and_batches() -> None:
    rows = 2 * BLOCK_ROWS + 7
    numbers = np.arange(rows, dtype=np.float32)
    batch = pa.record_batch(
        {"up": pa.array(numbers), "down": pa.array(-numbers, mask=numbers == 5)}
    )
    down = np.where(numbers == 5, np.nan, -numbers)
    table = pa.Table.from_batches([batch, batch.slice(3), batch.slice(0, 0)])
    np.testing.assert_array_equal(to_values(batch, ("down", "up")), np.c_[down, numbers])
    twice = np.r_[np.c_[numbers, down], np.c_[numbers, down][3:]]
    np.testing.assert_array_equal(to_values(table, ("up", "down")), twice)
