"""What the registry keeps: models in parts that every warehouse can hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.training.registry import PART_BYTES, REGISTRY_SCHEMA, in_parts, whole

TRAINING = {"model_id": "m1", "prediction": "churn", "status": "promoted", "booster_sha256": "s"}


@given(
    booster=st.none() | st.binary(min_size=1, max_size=40),
    amount_booster=st.none() | st.binary(min_size=1, max_size=40),
    size=st.integers(1, 45),
)
def test_parts_make_the_whole_in_whatever_order(
    booster: bytes | None, amount_booster: bytes | None, size: int
) -> None:
    boosters = {"booster": booster, "amount_booster": amount_booster}
    rows = in_parts({**TRAINING, **boosters}, size)
    assert rows.schema == REGISTRY_SCHEMA
    assert whole(rows.take(list(reversed(range(len(rows)))))) == boosters
    for name in boosters:
        assert all(len(part or b"") <= size for part in rows[name].to_pylist())
    assert rows["part_number"].to_pylist() == list(range(1, len(rows) + 1))
    assert set(rows["model_id"].to_pylist()) == {"m1"}


@pytest.mark.parametrize(
    ("length", "parts"), [(0, 1), (1, 1), (PART_BYTES, 1), (PART_BYTES + 1, 2)]
)
def test_a_model_has_no_more_parts_than_it_needs(length: int, parts: int) -> None:
    assert in_parts({**TRAINING, "booster": b"x" * length}).num_rows == parts


def test_a_part_fits_into_a_binary_without_a_length() -> None:
    assert PART_BYTES <= 8_388_608
