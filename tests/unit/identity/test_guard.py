"""Refused ties on random graphs, against references that are too slow to be wrong."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from regulars.identity.guard import (
    CONTRADICTION,
    MOST_AGAINST,
    MOST_FOR,
    NOT_COMPARED,
    OTHER_IDENTIFIER,
    SHARED_RECORD,
    TOO_MANY,
    Agreement,
    Evidence,
    Judgement,
    People,
    Refusal,
    Ties,
    judge_ties,
)

Tie = tuple[int, int, bool]
Pair = tuple[int, int]

REASONS = {CONTRADICTION, OTHER_IDENTIFIER, SHARED_RECORD, TOO_MANY}


@dataclass(frozen=True)
class Case:
    """Ties in order, and what is known of the records."""

    ties: list[Tie]
    bits: dict[Pair, float] = field(default_factory=dict)
    people: frozenset[int] = frozenset()
    verified: dict[int, dict[str, str]] = field(default_factory=dict)
    cap: int = 50
    strict: bool = False
    contradiction_bits: float = -12.0


def judge(case: Case, pairs: Sequence[Pair] | None = None) -> Judgement:
    """The evidence in the order of `pairs`; a moment later for each tie, details known before."""
    left, right, shared = ([tie[place] for tie in case.ties] for place in range(3))
    pairs = list(case.bits) if pairs is None else pairs
    people = np.array(sorted(case.people), np.int64)
    return judge_ties(
        Ties(
            np.array(left, np.int64),
            np.array(right, np.int64),
            np.arange(len(case.ties)),
            np.array(shared, np.bool_),
        ),
        Evidence(
            np.array([pair[0] for pair in pairs], np.int64),
            np.array([pair[1] for pair in pairs], np.int64),
            np.array([case.bits[min(pair), max(pair)] for pair in pairs], np.float64),
        ),
        People(people, people - 1_000, case.verified),
        case.contradiction_bits,
        case.cap,
        case.strict,
    )


def refuse(case: Case, pairs: Sequence[Pair] | None = None) -> list[Refusal]:
    return judge(case, pairs).refused


def groups_of(case: Case, refused: set[int], until: int | None = None) -> dict[int, set[int]]:
    """Every record's group by the ties that hold, found anew by scipy."""
    numbers = sorted({number for left, right, _ in case.ties for number in (left, right)})
    place = {number: at for at, number in enumerate(numbers)}
    held = [tie for at, tie in enumerate(case.ties[:until]) if at not in refused]
    graph = coo_array(
        (np.ones(len(held)), ([place[t[0]] for t in held], [place[t[1]] for t in held])),
        shape=(len(numbers), len(numbers)),
    )
    _, component = connected_components(graph, directed=False)
    groups: dict[int, set[int]] = {}
    for number in numbers:
        groups.setdefault(component[place[number]], set()).add(number)
    return {number: group for group in groups.values() for number in group}


def said_between(case: Case, one: set[int], other: set[int]) -> list[float]:
    """What each pair of people of two groups says."""
    return [
        case.bits.get((min(a, b), max(a, b)), NOT_COMPARED)
        for a in one & case.people
        for b in other & case.people
    ]


def average_of(said: list[float]) -> float:
    counted = [min(max(bits, MOST_AGAINST), MOST_FOR) for bits in said]
    return sum(counted) / len(counted) if counted else 0.0


def verified_of(case: Case, group: set[int]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for number in group:
        for name, value in case.verified.get(number, {}).items():
            found.setdefault(name, set()).add(value)
    return found


def reference(case: Case) -> list[Refusal]:
    """Asks all pairs of both groups anew at each tie."""
    found: list[Refusal] = []
    for place, (left, right, is_shared) in enumerate(case.ties):
        groups = groups_of(case, {one.tie for one in found}, place)
        one, other = groups[left], groups[right]
        if right in one:
            continue
        said = said_between(case, one, other)
        average = average_of(said)
        both = verified_of(case, one | other)
        of_people = len(one & case.people), len(other & case.people)
        is_contradicted = average < 0 and (
            case.strict or min(said, default=0.0) <= case.contradiction_bits
        )
        reason = None
        if any(len(values) > 1 for values in both.values()):
            reason = OTHER_IDENTIFIER
        elif is_contradicted:
            reason = CONTRADICTION
        elif is_shared and average <= 0:
            reason = SHARED_RECORD
        elif of_people[1] and sum(of_people) > case.cap:
            reason = TOO_MANY
        if reason:
            found.append(Refusal(place, reason, average))
    return found


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Few records and many ties: they repeat, turn round, close circles, tie one to itself."""
    numbers = draw(st.lists(st.integers(1, 99), unique=True, min_size=1, max_size=9))
    number = st.sampled_from(numbers)
    ties = draw(st.lists(st.tuples(number, number, st.booleans()), max_size=18))
    people = frozenset(draw(st.lists(number, max_size=9)))
    pairs = list(combinations(sorted(people), 2))
    compared = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    value = st.sampled_from([-30.0, -13.0, -12.0, -9.0, -4.0, -1.0, 0.0, 1.0, 6.0, 14.0, 25.0])
    return Case(
        ties,
        {pair: draw(value) for pair in compared},
        people,
        draw(
            st.dictionaries(
                number,
                st.dictionaries(st.sampled_from("ab"), st.sampled_from("xy"), min_size=1),
                max_size=4,
            )
        ),
        draw(st.sampled_from([2, 3, 50])),
        draw(st.booleans()),
        draw(st.sampled_from([-12.0, NOT_COMPARED])),
    )


def rounded(found: list[Refusal]) -> list[tuple[int, str, float]]:
    return [(one.tie, one.reason, round(one.bits, 9)) for one in found]


@settings(max_examples=300, deadline=None)
@given(cases())
def test_the_same_is_refused_as_when_all_pairs_are_asked_anew(case: Case) -> None:
    assert rounded(refuse(case)) == rounded(reference(case))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_groups_are_what_the_rules_say(case: Case) -> None:
    found = refuse(case)
    assert {one.reason for one in found} <= REASONS
    groups = groups_of(case, {one.tie for one in found})
    for number, group in groups.items():
        if len(group) == 1:
            continue
        assert max([len(values) for values in verified_of(case, group).values()], default=0) <= 1
        assert len(group & case.people) <= case.cap, number
    for one in found:
        left, right, is_shared = case.ties[one.tie]
        assert left != right
        assert one.reason != SHARED_RECORD or is_shared
        assert one.reason != CONTRADICTION or one.bits < 0


@settings(max_examples=150, deadline=None)
@given(cases())
def test_a_later_tie_changes_nothing_that_was_decided_before(case: Case) -> None:
    every = refuse(case)
    for length in range(len(case.ties)):
        first = refuse(replace(case, ties=case.ties[:length]))
        assert rounded(first) == rounded([one for one in every if one.tie < length])


@settings(max_examples=150, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_and_the_side_of_a_record_do_not_matter(case, random) -> None:
    pairs = [pair[::-1] if random.random() < 0.5 else pair for pair in case.bits]
    random.shuffle(pairs)
    assert rounded(refuse(case, pairs)) == rounded(refuse(case))
    turned = replace(case, ties=[(right, left, shared) for left, right, shared in case.ties])
    assert rounded(refuse(turned)) == rounded(refuse(case))


@settings(max_examples=100, deadline=None)
@given(cases())
def test_without_evidence_groups_are_the_connected_components(case: Case) -> None:
    bare = Case([(left, right, False) for left, right, _ in case.ties])
    assert refuse(bare) == []


@settings(max_examples=100, deadline=None)
@given(cases())
def test_evidence_of_others_changes_nothing(case: Case) -> None:
    others = {(1000, 1001): -30.0, (1, 1000): 30.0}
    assert refuse(replace(case, bits=case.bits | others)) == refuse(case)


CHAIN = [(n, n + 1, False) for n in range(1_000)]
STAR = [(0, n, False) for n in range(1, 1_001)]
CIRCLE = [*CHAIN, (1_000, 0, False)]
TWICE = [tie for tie in CHAIN for _ in range(2)]
FROM_BOTH_ENDS = [tie for both in zip(CHAIN[:500], CHAIN[:499:-1], strict=True) for tie in both]


@pytest.mark.parametrize("ties", [CHAIN, CHAIN[::-1], STAR, CIRCLE, TWICE, FROM_BOTH_ENDS])
def test_long_chains_and_large_stars_hold_without_evidence(ties: list[Tie]) -> None:
    begun = time.perf_counter()
    assert refuse(Case(ties)) == []
    everybody = frozenset(range(1_001))
    agreeing = {(n, n + 1): 300.0 for n in range(1_000)} | {(0, n): 20.0 for n in range(1, 1_001)}
    refused = {one.tie for one in refuse(Case(ties, agreeing, everybody, cap=1_001))}
    assert len(refused) < len(ties)
    assert time.perf_counter() - begun < 10


def test_a_chain_that_strangers_end_is_cut_once() -> None:
    """Only the two ends say something: they differ, and the last tie would join them."""
    ends = frozenset({0, 1_000})
    found = refuse(Case(CHAIN, {(0, 1_000): -20.0}, ends))
    assert found == [Refusal(999, CONTRADICTION, MOST_AGAINST)]
    (one,) = refuse(Case(FROM_BOTH_ENDS, {(0, 1_000): -20.0}, ends))
    assert one == Refusal(999, CONTRADICTION, MOST_AGAINST)


def test_many_who_agree_outweigh_one_who_contradicts() -> None:
    """People mistype: one pair speaks against, the others for."""
    bits = {(1, 2): 10.0, (1, 3): -20.0, (2, 3): 12.0}
    ties = [(1, 2, False), (2, 3, False)]
    assert refuse(Case(ties, bits, frozenset({1, 2, 3}))) == []
    assert rounded(refuse(Case(ties, bits | {(2, 3): 7.0}, frozenset({1, 2, 3})))) == [
        (1, CONTRADICTION, -0.5)
    ]


def test_what_speaks_against_a_little_refuses_only_where_it_is_strict() -> None:
    """People move and marry: no pair is clearly two people."""
    case = Case([(1, 2, False)], {(1, 2): -11.99}, frozenset({1, 2}))
    assert refuse(case) == []
    assert refuse(replace(case, strict=True)) == [Refusal(0, CONTRADICTION, MOST_AGAINST)]
    assert refuse(replace(case, bits={(1, 2): -12.0})) == [Refusal(0, CONTRADICTION, MOST_AGAINST)]


def test_people_who_agree_on_no_key_are_no_contradiction_of_themselves() -> None:
    case = Case([(1, 2, False)], {}, frozenset({1, 2}))
    assert refuse(case) == []
    assert refuse(replace(case, strict=True)) == [Refusal(0, CONTRADICTION, NOT_COMPARED)]


def test_a_shared_record_ties_those_who_agree_and_nobody_else() -> None:
    case = Case([(1, 2, True)], {(1, 2): 0.5}, frozenset({1, 2}))
    assert refuse(case) == []
    assert refuse(replace(case, bits={(1, 2): 0.0})) == [Refusal(0, SHARED_RECORD, 0.0)]
    # without details nothing says that they are one
    assert refuse(Case([(1, 2, True)])) == [Refusal(0, SHARED_RECORD, 0.0)]
    # unless something else tied them before: then it adds nothing
    assert judge(Case([(1, 2, False), (1, 2, True)])) == Judgement([], [])


def test_a_shared_record_that_agrees_is_known_when_all_is_that_says_so() -> None:
    """Of the groups 1-2-3 and 4, the ties come at 0 and 1, the shared one at 2."""
    ties = [(1, 2, False), (2, 3, False), (4, 1, True)]
    everybody = frozenset({1, 3, 4})
    case = Case(ties, {(1, 4): 3.0, (3, 4): 1.0}, everybody)
    assert judge(case) == Judgement([], [Agreement(2, 2, 2.0)])
    numbers = np.array(sorted(everybody), np.int64)
    for moments, known_at, said in (
        ([0, 9, 2], [-5, -5, -5], 9),  # a record came to one of the groups later
        ([0, 1, 2], [-5, -5, 7], 7),  # details were known later
        ([0, 1, 8], [-5, 6, -5], 8),
    ):
        judged = judge_ties(
            Ties(
                np.array([1, 2, 4]), np.array([2, 3, 1]), np.array(moments), np.array([0, 0, 1]) > 0
            ),
            Evidence(np.array([1, 3]), np.array([4, 4]), np.array([3.0, 1.0])),
            People(numbers, np.array(known_at), {}),
            case.contradiction_bits,
            case.cap,
        )
        assert judged == Judgement([], [Agreement(2, said, 2.0)])


def test_two_customer_numbers_are_two_people_whatever_their_details_say() -> None:
    case = Case(
        [(1, 2, False), (2, 3, False)],
        {(1, 3): 40.0},
        frozenset({1, 3}),
        {1: {"number": "a"}, 3: {"number": "b"}},
    )
    assert refuse(case) == [Refusal(1, OTHER_IDENTIFIER, MOST_FOR)]
    assert refuse(replace(case, verified={1: {"number": "a"}, 3: {"number": "a"}})) == []
    assert refuse(replace(case, verified={1: {"number": "a"}, 3: {"card": "b"}})) == []


def test_a_group_has_no_more_people_than_the_cap() -> None:
    everybody = frozenset(range(6))
    agreeing = dict.fromkeys(combinations(range(6), 2), 10.0)
    star = [(0, n, False) for n in range(1, 6)]
    found = refuse(Case(star, agreeing, everybody, cap=3))
    assert rounded(found) == [(place, TOO_MANY, 10.0) for place in (2, 3, 4)]
    # records that say nothing of a person don't count
    assert refuse(Case(star, cap=3)) == []


def test_whether_a_cap_holds_does_not_depend_on_the_side_of_a_record() -> None:
    """A record without details joins a group at its cap, from either side."""
    agreeing = dict.fromkeys(combinations(range(3), 2), 10.0)
    full = [(0, 1, False), (0, 2, False)]
    for last in ((0, 9, False), (9, 0, False)):
        case = Case([*full, last], agreeing, frozenset(range(3)), cap=3)
        assert refuse(case) == []
