"""Which ties between records hold, where together they would tie people who contradict each other.

Ties are taken in the order in which they could be known, the surest first among those of a moment,
so that what was tied at a moment doesn't depend on what came later. A tie that would put two
groups together is refused when their details contradict each other: one pair of records speaks
against it so clearly that they are two people, and all pairs of the two groups do on average
(average linkage; Sokal and Michener 1958). One pair alone doesn't, for people mistype; nor does
the average alone, for people move and marry. It is refused, too, when both have an identifier of
which a person has one, and not the same; and when it only says that two people were seen on one
record, such as a computer with two log-ins, and details don't say that they are one. Such a tie
comes last. Where other ties make both one customer it adds nothing, and must not: it is older than
what shows that it was right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_FOR, MOST_AGAINST = 12.0, -8.0  # what one pair counts for in the average, in bits
NEVER = -(2**63)  # no moment is earlier
NOT_COMPARED = -8.0  # two records that agree on no key

CONTRADICTION, OTHER_IDENTIFIER = "contradicting_details", "other_verified_identifier"
SHARED_RECORD, TOO_MANY = "shared_record", "too_many_records"


@dataclass(frozen=True)
class Ties:
    """Ties between records, in the order in which they count.

    Attributes:
        left, right: record numbers.
        moments: when the tie could be known, in microseconds.
        is_shared: whether somebody else may have been seen on the record; such ties come last.
    """

    left: Ints
    right: Ints
    moments: Ints
    is_shared: Bools


@dataclass(frozen=True)
class People:
    """What is known of records.

    Attributes:
        with_details: numbers of the records that say something of a person.
        known_at: since when they say so, in microseconds.
        verified: by record number, value by type, of identifiers of which a person has one.
    """

    with_details: Ints
    known_at: Ints
    verified: Mapping[int, Mapping[str, str]]


@dataclass(frozen=True)
class Evidence:
    """How much speaks for two records' being one person, for records with details.

    Attributes:
        left, right: record numbers; each pair once.
        bits: 0 is as likely as not.
    """

    left: Ints
    right: Ints
    bits: Floats


@dataclass
class _Between:
    """What pairs of records say of two groups."""

    total: float
    pairs: int
    worst: float


@dataclass
class _Group:
    people: int  # records with details
    known_at: int  # since when all of it is known
    verified: dict[str, str]
    known: dict[int, _Between] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """A tie that doesn't hold.

    Attributes:
        tie: its position in the ties.
        reason: one of the names above.
        bits: the average of what pairs of the two groups say.
    """

    tie: int
    reason: str
    bits: float


@dataclass(frozen=True)
class Agreement:
    """A tie by a shared record that holds, because details agree.

    Attributes:
        tie: its position in the ties.
        known_at: when the tie, and all that speaks for it, could be known, in microseconds.
        bits: the average of what pairs of the two groups say.
    """

    tie: int
    known_at: int
    bits: float


@dataclass(frozen=True)
class Judgement:
    """What became of ties that don't simply hold, each in the ties' order."""

    refused: list[Refusal]
    agreed: list[Agreement]


def judge_ties(
    ties: Ties,
    evidence: Evidence,
    people: People,
    contradiction_bits: float,
    people_cap: int,
    strict: bool = False,
) -> Judgement:
    """Goes through the ties and refuses those that would make one person of two.

    Args:
        ties: of one or more components, in order.
        evidence: about pairs of records with details; pairs that are missing were not compared.
        people: at least of the records that are tied.
        contradiction_bits: a pair with no more bits is two people.
        people_cap: records with details that a group may hold.
        strict: the average alone refuses; for components too large to compare all pairs.
    """
    known_at = dict(zip(people.with_details.tolist(), people.known_at.tolist(), strict=True))
    group_of = {number: number for number in (*ties.left.tolist(), *ties.right.tolist())}
    groups = {
        number: _Group(
            int(number in known_at),
            known_at.get(number, NEVER),
            dict(people.verified.get(number, {})),
        )
        for number in group_of
    }
    _learn(groups, evidence)
    found = Judgement([], [])
    columns = (ties.left, ties.right, ties.moments, ties.is_shared)
    every = zip(*(column.tolist() for column in columns), strict=True)
    for place, (left, right, moment, is_shared) in enumerate(every):
        one, other = _find(group_of, left), _find(group_of, right)
        if one == other:
            continue
        average, worst = _said(groups[one], other, groups[other].people)
        if _differ(groups[one].verified, groups[other].verified):
            reason = OTHER_IDENTIFIER
        elif average < 0 and (strict or worst <= contradiction_bits):
            reason = CONTRADICTION
        elif is_shared and average <= 0:
            reason = SHARED_RECORD
        elif groups[other].people and groups[one].people + groups[other].people > people_cap:
            reason = TOO_MANY
        else:
            known = max(moment, groups[one].known_at, groups[other].known_at)
            if is_shared:
                found.agreed.append(Agreement(place, known, average))
            _join(groups, group_of, one, other, known)
            continue
        found.refused.append(Refusal(place, reason, average))
    return found


def _differ(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return any(other.get(name, value) != value for name, value in one.items())


def _said(group: _Group, other: int, people: int) -> tuple[float, float]:
    """What pairs of the two groups say on average, and the worst of it; 0 without details."""
    pairs = group.people * people
    if not pairs:
        return 0.0, 0.0
    between = group.known.get(other, _Between(0.0, 0, 0.0))
    missing = pairs - between.pairs
    worst = min(between.worst, NOT_COMPARED) if missing else between.worst
    return (between.total + NOT_COMPARED * missing) / pairs, worst


def _learn(groups: dict[int, _Group], evidence: Evidence) -> None:
    counted = np.clip(evidence.bits, MOST_AGAINST, MOST_FOR)
    for left, right, bits, said in zip(
        evidence.left.tolist(),
        evidence.right.tolist(),
        counted.tolist(),
        evidence.bits.tolist(),
        strict=True,
    ):
        if left in groups and right in groups:
            groups[left].known[right] = groups[right].known[left] = _Between(bits, 1, said)


def _find(group_of: dict[int, int], number: int) -> int:
    while group_of[number] != number:
        group_of[number] = group_of[group_of[number]]
        number = group_of[number]
    return number


def _join(
    groups: dict[int, _Group], group_of: dict[int, int], one: int, other: int, known_at: int
) -> None:
    """The group that knows less goes into the one that knows more, so that all joins are quick."""
    if len(groups[one].known) < len(groups[other].known):
        one, other = other, one
    gone = groups.pop(other)
    group_of[other] = one
    groups[one].people += gone.people
    groups[one].known_at = known_at
    groups[one].verified |= gone.verified
    groups[one].known.pop(other, None)
    for third, said in gone.known.items():
        if third == one:
            continue
        groups[third].known.pop(other)
        before = groups[one].known.get(third)
        both = (
            _Between(said.total, said.pairs, said.worst)
            if before is None
            else _Between(
                before.total + said.total,
                before.pairs + said.pairs,
                min(before.worst, said.worst),
            )
        )
        groups[one].known[third] = groups[third].known[one] = both
