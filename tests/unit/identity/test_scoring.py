"""Which pairs are compared, and what they count for."""

import random
from itertools import chain, combinations
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from regulars.identity import scoring
from regulars.identity.comparisons import Chances, levels_of
from regulars.identity.matching import Matching
from regulars.identity.scoring import PairScorer, least_bits, prior_bits
from tests.unit.identity.people import details, matching, persons, shuffled

EMAIL_AND_CITY = [["email"], ["city"]]


def chances(asked: Matching) -> Chances:
    """Made-up ones: equal values speak for one person, others against it."""
    found: Chances = {}
    for column in asked.comparisons:
        count = len(levels_of(column, asked)) - 1
        for agreement in range(count):
            found[column, agreement] = (0.05, 0.9) if agreement == 0 else (0.9 / count, 0.001)
    return found


def scorer(rows: Any, asked: Matching, order: int | None = None) -> PairScorer:
    table = details(rows)
    connection = duckdb.connect()
    connection.register("given_rows", table if order is None else shuffled(table, order))
    connection.execute("create table details as from given_rows").fetchall()
    return PairScorer(connection, asked, chances(asked))


def pairs(made: PairScorer) -> list[tuple[int, int]]:
    found = made.connection.sql(f"from {made.candidates()} order by all").fetchall()
    return [(int(left), int(right)) for left, right in found]


def test_each_pair_that_agrees_on_a_key_is_found_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draw = random.Random(11)
    rows = [
        {
            "email": draw.choice(["a", "b", "c", "d", None]),
            "city": draw.choice(["x", "y", "z", None]),
            "postcode": draw.choice(["1", "2", None]),
        }
        for _ in range(40)
    ]
    asked = matching(comparisons={"email": "email"}, keys=[["email"], ["city", "postcode"]])
    expected = {
        (left, right)
        for (left, one), (right, other) in combinations(enumerate(rows, start=1), 2)
        if (one["email"] and one["email"] == other["email"])
        or (
            one["city"]
            and one["postcode"]
            and (one["city"], one["postcode"]) == (other["city"], other["postcode"])
        )
    }
    monkeypatch.setattr(scoring, "PAIRS_PER_RECORD", 1000.0)
    found = pairs(scorer(rows, asked))
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert all(left < right for left, right in found)


def in_blocks(*sizes: int) -> list[dict[str, str]]:
    """Records of towns; so many of each."""
    return [{"city": f"town{place}"} for place, size in enumerate(sizes) for _ in range(size)]


def test_a_block_that_is_too_large_says_little_of_any_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scoring, "BLOCK_RECORDS", 4)
    monkeypatch.setattr(scoring, "PAIRS_PER_RECORD", 100.0)
    asked = matching(comparisons={"city": "place"}, keys=[["city"]])
    assert pairs(scorer(in_blocks(4, 5, 1), asked)) == list(combinations(range(1, 5), 2))


def test_the_largest_blocks_of_a_key_are_left_out_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """3, 3, 1 and 6 pairs of 11 records: the six would be too many."""
    asked = matching(comparisons={"city": "place"}, keys=[["city"]])
    rows = in_blocks(3, 3, 2, 4)
    monkeypatch.setattr(scoring, "PAIRS_PER_RECORD", 12 / len(rows))
    found = pairs(scorer(rows, asked))
    assert found == [(1, 2), (1, 3), (2, 3), (4, 5), (4, 6), (5, 6), (7, 8)]
    # and of each key for itself: what one leaves out another may find
    both = [row | {"email": row["city"] + str(place % 2)} for place, row in enumerate(rows)]
    more = pairs(scorer(both, matching(comparisons={"city": "place"}, keys=EMAIL_AND_CITY)))
    assert set(found) | {(9, 11), (10, 12)} == set(more)


@pytest.mark.parametrize("order", [1, 2])
def test_of_equal_blocks_the_same_are_left_out_however_the_rows_lie(
    monkeypatch: pytest.MonkeyPatch, order: int
) -> None:
    asked = matching(comparisons={"city": "place"}, keys=[["city"]])
    rows = in_blocks(*[3] * 20)
    monkeypatch.setattr(scoring, "PAIRS_PER_RECORD", 0.5)
    first = pairs(scorer(rows, asked))
    assert len(first) == 30
    made = scorer(rows, asked, order)
    made.connection.execute("set threads = 1").fetchall()
    assert pairs(made) == first


def best_sum(values: dict[str, float], caps: list[tuple[tuple[str, ...], float]]) -> float:
    """The largest sum of columns' bits, of each none to all of it, under all caps."""
    columns = list(values)
    rows = [[1.0 if column in cap else 0.0 for column in columns] for cap, _ in caps]
    solved = linprog(
        [-1.0] * len(columns),
        A_ub=rows or None,
        b_ub=[bits for _, bits in caps] or None,
        bounds=[(0.0, values[column]) for column in columns],
    )
    assert solved.status == 0
    return float(-solved.fun)


COLUMNS = ("first_name", "birth_date", "phone", "postcode")
PROJECT_CAPS = [(shared.columns, shared.bits) for shared in matching().shared_evidence]
EVERY = tuple(dict.fromkeys(column for columns, _ in PROJECT_CAPS for column in columns))


def bound(values: dict[str, float], caps: list[tuple[tuple[str, ...], float]]) -> float:
    """What the scorer's SQL makes of columns' bits."""
    asked = matching(
        comparisons=dict.fromkeys(values, "email"),
        shared_evidence=[{"columns": list(columns), "bits": bits} for columns, bits in caps],
    )
    made = object.__new__(PairScorer)
    made.matching = asked
    given_bits = ", ".join(f"{value}::double as mw_{column}" for column, value in values.items())
    ((found,),) = duckdb.sql(f"select {made._evidence()} from (select {given_bits})").fetchall()
    return float(found)


@settings(max_examples=50, deadline=None)
@given(
    st.fixed_dictionaries(
        {column: st.integers(0, 80).map(lambda n: n / 4) for column in (*EVERY, "email")}
    )
)
def test_shared_evidence_counts_for_as_much_as_all_caps_allow(values: dict[str, float]) -> None:
    assert bound(values, PROJECT_CAPS) == pytest.approx(best_sum(values, PROJECT_CAPS), abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(
    st.fixed_dictionaries({column: st.integers(-20, 20).map(float) for column in COLUMNS}),
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(COLUMNS), unique=True, min_size=1, max_size=4).map(tuple),
            st.integers(0, 20).map(float),
        ),
        max_size=3,
    ),
)
def test_no_cap_is_broken_and_none_counts_twice(
    values: dict[str, float], caps: list[tuple[tuple[str, ...], float]]
) -> None:
    """Over every choice of caps, the smallest of what they and the other columns say."""
    smallest = min(
        sum(bits for _, bits in chosen)
        + sum(
            value
            for column, value in values.items()
            if not any(column in columns for columns, _ in chosen)
        )
        for chosen in chain.from_iterable(combinations(caps, n) for n in range(len(caps) + 1))
    )
    found = bound(values, caps)
    assert found == pytest.approx(smallest)
    if min(values.values()) >= 0:
        # three caps in a circle may leave a little more
        assert found >= best_sum(values, caps) - 1e-6
    for columns, bits in caps:
        others = sum(value for column, value in values.items() if column not in columns)
        assert found <= bits + others + 1e-9
    assert found <= sum(values.values()) + 1e-9


def test_caps_on_columns_that_are_not_compared_do_not_count() -> None:
    values = {"first_name": 9.0}
    assert bound(values, [(("last_name",), -5.0), (("first_name", "last_name"), 4.0)]) == 4.0


def test_pairs_that_agree_count_for_more_and_weak_ones_are_left_out() -> None:
    one, other = persons(2)
    rows = [one, one, other, one | {"city": other["city"]}]
    asked = matching(comparisons={"email": "email", "city": "place"}, shared_evidence=[])
    made = scorer(rows, asked)
    made.connection.execute(
        "create table asked as select a.record_number as left_number,"
        " b.record_number as right_number from details a, details b"
        " where a.record_number < b.record_number"
    ).fetchall()
    bits = {
        (left, right): value
        for left, right, value in made.connection.sql(f"from {made.bits('asked')}").fetchall()
    }
    assert len(bits) == 6
    assert bits[1, 2] > bits[1, 4] > 0 > bits[1, 3]
    assert bits[1, 4] == bits[2, 4]
    strong = made.connection.sql(f"from {made.bits('asked', at_least=bits[1, 4] + 0.01)}")
    assert [(left, right) for left, right, _ in strong.fetchall()] == [(1, 2)]
    assert bits[1, 3] == pytest.approx(2 * np.log2(0.05 / 0.9), abs=1e-3)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(-100, 200).map(lambda n: n / 8), max_size=40),
    st.integers(50, 5_000),
)
def test_the_prior_is_what_the_pairs_themselves_say(bits: list[float], records: int) -> None:
    """A fixed point: with it, as many pairs are one person as it says there are."""
    every = records * (records - 1) / 2
    prior = prior_bits(np.array(bits, dtype=np.float64), records)
    share = 2**prior / (1 + 2**prior)
    odds = np.exp2(np.array(bits, dtype=np.float64) + prior)
    matches = min(max(float((odds / (1 + odds)).sum()), 0.5), every / 2)
    # a hundred rounds come near where it hardly moves
    assert share * every == pytest.approx(matches, rel=0.05)
    turned = np.array(bits[::-1], dtype=np.float64)
    assert prior_bits(turned, records) == prior


def test_the_prior_without_pairs_and_with_many() -> None:
    assert prior_bits(np.empty(0), 1_000) == pytest.approx(-np.log2(1_000 * 999 - 1), abs=1e-3)
    sure = prior_bits(np.full(500, 60.0), 1_000)
    assert sure == pytest.approx(np.log2(500 / (1_000 * 999 / 2 - 500)), abs=1e-3)


def test_few_bits_are_fewer_the_fewer_records_there_are() -> None:
    assert [least_bits(records) for records in (0, 2, 1024, 2**20)] == [-7, -7, 2, 12]
