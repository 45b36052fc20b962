"""Who keeps which id, against a reference that is too slow to be wrong, and what must hold."""

import time
from itertools import permutations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.identity.matches import match_customers

Overlap = tuple[int, int, int]

# clusters, customers by age, and how many records they share: each pair once
OVERLAPS = st.dictionaries(
    st.tuples(st.integers(1, 6), st.integers(1, 6)), st.integers(1, 4), max_size=14
).map(lambda found: [(root, rank, count) for (root, rank), count in found.items()])


def match(overlaps: list[Overlap]) -> dict[int, int]:
    """Which customer each cluster keeps."""
    columns = ("root_record_number", "customer_age_rank", "records_count")
    table = match_customers(
        pa.table(
            {
                name: pa.array([row[place] for row in overlaps], pa.int64())
                for place, name in enumerate(columns)
            }
        )
    )
    roots = table["root_record_number"].to_pylist()
    assert roots == sorted(set(roots))
    return dict(zip(roots, table["customer_age_rank"].to_pylist(), strict=True))


def reference(overlaps: list[Overlap]) -> dict[int, int]:
    """Customer by customer, the oldest first, looks through all that is left."""
    free = list(overlaps)
    kept = {}
    for rank in sorted({rank for _, rank, _ in overlaps}):
        parts = [row for row in free if row[1] == rank]
        if parts:
            root, _, _ = min(parts, key=lambda row: (-row[2], row[0]))
            kept[root] = rank
            free = [row for row in free if row[0] != root]
    return kept


@settings(max_examples=300, deadline=None)
@given(OVERLAPS)
def test_each_customer_goes_on_as_its_largest_free_part(overlaps: list[Overlap]) -> None:
    assert match(overlaps) == reference(overlaps)


@settings(max_examples=200, deadline=None)
@given(OVERLAPS)
def test_each_id_stands_on_one_cluster_at_most_and_only_where_it_was(
    overlaps: list[Overlap],
) -> None:
    kept = match(overlaps)
    assert len(set(kept.values())) == len(kept)
    assert set(kept.items()) <= {(root, rank) for root, rank, _ in overlaps}


@settings(max_examples=200, deadline=None)
@given(OVERLAPS)
def test_nobody_is_better_off_than_an_older_one_who_wanted_the_same(
    overlaps: list[Overlap],
) -> None:
    """Whoever has not the largest of its parts lost it, and all larger ones, to older customers."""
    kept = match(overlaps)
    has = {rank: root for root, rank in kept.items()}
    counts = {(root, rank): count for root, rank, count in overlaps}
    for (root, rank), count in counts.items():
        if rank not in has or count > counts[has[rank], rank]:
            assert kept[root] < rank


@settings(max_examples=100, deadline=None)
@given(OVERLAPS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(overlaps: list[Overlap], random) -> None:
    shuffled = list(overlaps)
    random.shuffle(shuffled)
    assert match(shuffled) == match(overlaps)


def test_a_merge_keeps_the_oldest_however_small() -> None:
    for rows in permutations([(10, 3, 50), (10, 1, 2), (10, 2, 7)]):
        assert match(list(rows)) == {10: 1}


def test_a_split_keeps_the_larger_part_and_of_equal_ones_the_older() -> None:
    assert match([(10, 1, 2), (20, 1, 5), (30, 1, 5)]) == {20: 1}


def test_who_loses_its_largest_part_to_an_older_one_goes_on_as_another() -> None:
    assert match([(10, 1, 9), (10, 2, 6), (20, 2, 4)]) == {10: 1, 20: 2}


def test_nothing_to_match() -> None:
    assert match([]) == {}


def test_a_million_pairs_take_seconds() -> None:
    """Chains of customers that each share a cluster with the next."""
    count = 500_000
    numbers = np.arange(count)
    overlaps = pa.table(
        {
            "root_record_number": np.concatenate([numbers, numbers + 1]),
            "customer_age_rank": np.concatenate([numbers, numbers]) + 1,
            "records_count": np.ones(2 * count, dtype=np.int64),
        }
    )
    begun = time.perf_counter()
    kept = match_customers(overlaps)
    assert time.perf_counter() - begun < 20
    assert kept.num_rows == count
    assert kept["customer_age_rank"].to_pylist() == list(range(1, count + 1))
