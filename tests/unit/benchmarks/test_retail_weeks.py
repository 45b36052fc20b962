"""Weekly lists become one array, whoever has none has zeros."""

import pyarrow as pa

from benchmarks.retail import WEEKS, steps


def test_a_channel_per_column_and_zeros_for_a_null():
    some = [float(week) for week in range(WEEKS)]
    table = pa.table({"orders": [some, None], "value": [None, some]})
    found = steps(table)
    assert found.shape == (2, WEEKS, 2)
    assert found[0, :, 0].tolist() == some
    assert found[1, :, 1].tolist() == some
    assert not found[0, :, 1].any() and not found[1, :, 0].any()
