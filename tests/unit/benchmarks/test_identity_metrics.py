"""Agreement of clusters and people against a count over all pairs."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.identity.metrics import agreement

RECORDS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12)


def share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


@given(RECORDS)
def test_counts_are_those_over_all_pairs(records: list[tuple[int, int]]):
    found = agreement(
        np.array([cluster for cluster, _ in records], dtype=np.int64),
        np.array([person for _, person in records], dtype=np.int64),
    )
    pairs = list(combinations(records, 2))
    together = sum(a[0] == b[0] for a, b in pairs)
    one_person = sum(a[1] == b[1] for a, b in pairs)
    right = sum(a == b for a, b in pairs)
    assert found.precision == share(right, together)
    assert found.recall == share(right, one_person)


@given(RECORDS)
def test_exact_clusters_are_the_sets_that_both_have(records: list[tuple[int, int]]):
    found = agreement(
        np.array([cluster for cluster, _ in records], dtype=np.int64),
        np.array([person for _, person in records], dtype=np.int64),
    )

    def sets(place: int) -> set[frozenset[int]]:
        names = {record[place] for record in records}
        return {
            frozenset(n for n, record in enumerate(records) if record[place] == name)
            for name in names
        }

    exact = len(sets(0) & sets(1))
    assert found.cluster_precision == share(exact, len(sets(0)))
    assert found.cluster_recall == share(exact, len(sets(1)))
    assert (found.clusters, found.people) == (len(sets(0)), len(sets(1)))
    assert found.largest == max(map(len, sets(0)), default=0)


def test_names_may_be_text():
    found = agreement(np.array(["a", "a", "b"]), np.array(["x", "y", "y"]))
    assert (found.precision, found.recall, found.f1) == (0.0, 0.0, 0.0)
