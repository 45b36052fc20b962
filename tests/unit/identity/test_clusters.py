"""Clusters against a reference that is too slow to be wrong, and what must hold in time."""

from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.errors import UserError
from regulars.identity.clusters import cluster_records

Edge = tuple[int, int, int]
Tied = dict[int, tuple[int, int | None]]

EPOCH = datetime(1970, 1, 1)
NUMBERS = st.lists(st.integers(1, 10_000), unique=True, max_size=9)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[int], list[Edge]]:
    """Records in any order and with gaps; links that repeat, turn round, or tie one to itself."""
    numbers = draw(NUMBERS)
    if not numbers:
        return [], []
    number = st.sampled_from(numbers)
    return numbers, draw(st.lists(st.tuples(number, number, st.integers(-3, 6)), max_size=16))


def cluster(numbers: list[int], edges: list[Edge]) -> Tied:
    left, right, moments = ([edge[place] for edge in edges] for place in range(3))
    table = cluster_records(
        pa.table({"record_number": pa.array(numbers, pa.int64())}),
        pa.table(
            {
                "record_number": pa.array(left, pa.int64()),
                "other_record_number": pa.array(right, pa.int64()),
                "linked_at": pa.array(moments, pa.timestamp("us")),
            }
        ),
    )
    assert table["record_number"].to_pylist() == sorted(numbers)
    return {
        row["record_number"]: (
            row["root_record_number"],
            row["linked_at"] and (row["linked_at"] - EPOCH) // timedelta(microseconds=1),
        )
        for row in table.to_pylist()
    }


def reachable(start: int, edges: list[Edge], until: int) -> set[int]:
    """The records that chains of links up to a moment connect with one of them."""
    found, border = {start}, [start]
    while border:
        here = border.pop()
        for left, right, moment in edges:
            if moment <= until and here in (left, right):
                for there in {left, right} - found:
                    found.add(there)
                    border.append(there)
    return found


def reference(numbers: list[int], edges: list[Edge]) -> Tied:
    """Widens the moment step by step: the first one at which the root is reached is the answer."""
    moments = sorted({edge[2] for edge in edges})
    tied: Tied = {}
    for number in numbers:
        root = min(reachable(number, edges, 99))
        linked_at = next((m for m in moments if root in reachable(number, edges, m)), None)
        tied[number] = (root, None if number == root else linked_at)
    return tied


@settings(max_examples=200, deadline=None)
@given(graphs())
def test_every_record_is_tied_to_the_oldest_by_the_earliest_chain(
    graph: tuple[list[int], list[Edge]],
) -> None:
    assert cluster(*graph) == reference(*graph)


@settings(max_examples=80, deadline=None)
@given(graphs(), st.integers(-4, 7))
def test_at_any_moment_the_tied_are_those_whom_links_until_then_connect(
    graph: tuple[list[int], list[Edge]], moment: int
) -> None:
    tied = cluster(*graph)
    for root in {root for root, _ in tied.values()}:
        by_then = {
            number
            for number, (own_root, linked_at) in tied.items()
            if own_root == root and (number == root or linked_at <= moment)
        }
        assert by_then == reachable(root, graph[1], moment)


@settings(max_examples=80, deadline=None)
@given(graphs(), st.integers(-3, 6))
def test_later_links_change_nothing_that_was_known(
    graph: tuple[list[int], list[Edge]], moment: int
) -> None:
    numbers, edges = graph
    before = cluster(numbers, [edge for edge in edges if edge[2] <= moment])
    after = cluster(numbers, edges)
    for number, (root, linked_at) in before.items():
        if after[root][0] == root:
            assert after[number] == (root, linked_at)


def test_the_order_of_the_rows_does_not_matter() -> None:
    numbers = [7, 3, 50, 12, 9]
    edges = [(7, 3, 5), (3, 7, 2), (50, 7, 4), (12, 50, 1), (12, 12, 0)]
    tied = {3: (3, None), 7: (3, 2), 9: (9, None), 12: (3, 4), 50: (3, 4)}
    assert cluster(numbers, edges) == tied
    assert cluster(numbers[::-1], edges[::-1]) == tied


def test_moments_keep_their_microseconds() -> None:
    moment = 1_700_000_000_123_457
    assert cluster([1, 2], [(2, 1, moment)])[2] == (1, moment)


def test_a_long_chain_is_tied_by_the_latest_link_so_far() -> None:
    length = 50_000
    tied = cluster(list(range(1, length + 1)), [(n + 1, n, n % 100) for n in range(1, length)])
    assert [root for root, _ in tied.values()] == [1] * length
    assert tied[51] == (1, 50)
    assert tied[100] == tied[length] == (1, 99)


def test_a_star_ties_each_record_by_its_own_link() -> None:
    tied = cluster(list(range(1, 50_001)), [(n, 1, n) for n in range(2, 50_001)])
    assert tied == {1: (1, None)} | {n: (1, n) for n in range(2, 50_001)}


def test_a_link_without_a_moment_is_refused() -> None:
    links = pa.table(
        {
            "record_number": pa.array([2, 3], pa.int64()),
            "other_record_number": pa.array([1, 1], pa.int64()),
            "linked_at": pa.array([datetime(2024, 1, 1), None], pa.timestamp("us")),
        }
    )
    with pytest.raises(UserError, match="without linked_at"):
        cluster_records(pa.table({"record_number": pa.array([1, 2, 3], pa.int64())}), links)
