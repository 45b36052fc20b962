"""Numpy arrays as the Arrow columns that the raw tables are made of."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MICROSECONDS = 1_000_000
# amounts are counted in cents, columns in ten-thousandths
CENT = 100


def text(values: NDArray[np.str_] | list[str], missing: Bools | None = None) -> pa.Array:
    """A text column; null where `missing`."""
    return pa.array(values, type=pa.string(), mask=missing)


def ids(prefix: str, numbers: Ints, width: int, missing: Bools | None = None) -> pa.Array:
    """Text ids such as O0000012: the prefix and the zero-padded number."""
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers, mask=missing), pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, digits, "")


def joined(*parts: pa.Array) -> pa.Array:
    """Texts side by side as one."""
    return pc.binary_join_element_wise(*parts, "")


def same_text(value: str, count: int) -> pa.Array:
    """One text, `count` times."""
    return pa.array([value], type=pa.string()).take(pa.array(np.zeros(count, dtype=np.int64)))


def timestamps(seconds: Ints, missing: Bools | None = None) -> pa.Array:
    """UTC timestamps without zone from seconds since 1970."""
    return pa.array(seconds * MICROSECONDS, type=pa.timestamp("us"), mask=missing)


def dates(days: Ints, missing: Bools | None = None) -> pa.Array:
    """Dates from days since 1970."""
    return pa.array(days.astype(np.int32), type=pa.date32(), mask=missing)


def integers(values: Ints) -> pa.Array:
    """A 32-bit integer column."""
    return pa.array(values.astype(np.int32), type=pa.int32())


def flags(values: Bools) -> pa.Array:
    """A column of true and false."""
    return pa.array(values)


def either(first: pa.Array, second: pa.Array) -> pa.Array:
    """The first value, or where it is null the second."""
    return pc.coalesce(first, second)


def amounts(cents: Ints) -> pa.Array:
    """decimal(18,4) from whole cents, without a detour through floating point."""
    halves = np.empty((len(cents), 2), dtype="<i8")
    halves[:, 0] = cents * CENT
    halves[:, 1] = halves[:, 0] >> 63  # the sign, as a 128-bit number carries it
    return pa.Array.from_buffers(
        pa.decimal128(18, 4), len(cents), [None, pa.py_buffer(halves.tobytes())]
    )


def pick(choices: tuple[str, ...] | list[str], index: Ints) -> pa.Array:
    """A text column that says choices[index]."""
    return pa.array(choices, type=pa.string()).take(pa.array(index))
