"""Which connected records may be several people: only they are gone through tie by tie."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from regulars.identity.detail_matches import COMPARED_PEOPLE, Matches
from regulars.identity.matching import Matching

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Components:
    """What is connected by ties, refused ones too.

    Attributes:
        by_number: the component of each record; of records that nothing ties, one of its own.
        is_tied: whether something ties the record.
        count: of components.
    """

    by_number: Ints
    is_tied: NDArray[np.bool_]
    count: int

    def of(self, numbers: Ints) -> Ints:
        return self.by_number[numbers]

    def has(self, numbers: Ints) -> NDArray[np.bool_]:
        """Which of these records something ties."""
        found = numbers < len(self.is_tied)
        found[found] = self.is_tied[numbers[found]]
        return found


def components_of(ties: pa.Table) -> Components:
    """Args: ties: (left, right), record numbers."""
    left, right = ties["left"].to_numpy(), ties["right"].to_numpy()
    size = int(max(left.max(initial=0), right.max(initial=0))) + 1
    is_tied = np.zeros(size, dtype=np.bool_)
    is_tied[left] = is_tied[right] = True
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    count, by_number = connected_components(graph, directed=False)
    return Components(by_number, is_tied, count)


def tied(one_each: pa.Table, components: Components) -> pa.Table:
    """Verified identifiers of records that something ties."""
    return one_each.filter(pa.array(components.has(one_each["record_number"].to_numpy())))


@dataclass(frozen=True)
class Doubts:
    """Which components are gone through, and what is known of them.

    Attributes:
        is_suspicious: by component: a pair of its records contradicts itself, or it holds two
            identifiers of which a person has one, a record that two people use, or too many people.
        is_uncompared: by component: too large to compare all its pairs.
        people: numbers of tied records with details.
        known_at: since when each is known, in microseconds.
        evidence: of pairs of them.
    """

    is_suspicious: NDArray[np.bool_]
    is_uncompared: NDArray[np.bool_]
    people: Ints
    known_at: Ints
    evidence: pa.Table


def doubts_of(
    ties: pa.Table,
    components: Components,
    matches: Matches,
    one_each: pa.Table,
    matching: Matching,
) -> Doubts:
    """Which components must be gone through tie by tie.

    Args:
        ties: (left, right, is_shared).
        components: of these.
        matches: what details say.
        one_each: verified identifiers of tied records.
        matching: the var.
    """
    is_tied = components.has(matches.numbers)
    people, known_at = matches.numbers[is_tied], matches.known_at[is_tied]
    sizes = np.bincount(components.of(people), minlength=components.count)
    together = people[sizes[components.of(people)] > 1]
    where = components.of(together)
    evidence = matches.evidence(together, where, sizes[where])
    contradicting = evidence["bits"].to_numpy() <= matching.contradiction_bits
    shared = ties["left"].to_numpy()[ties["is_shared"].to_numpy(zero_copy_only=False)]

    suspicious = sizes > min(matching.person_records_cap, COMPARED_PEOPLE)
    suspicious[components.of(evidence["left"].to_numpy()[contradicting])] = True
    suspicious[components.of(shared)] = True
    suspicious[_with_two_of_a_type(one_each, components)] = True
    return Doubts(suspicious, sizes > COMPARED_PEOPLE, people, known_at, evidence)


def _with_two_of_a_type(one_each: pa.Table, components: Components) -> Ints:
    """The components that hold two identifiers of a type of which a person has one."""
    held = pa.table(
        {
            "component": components.of(one_each["record_number"].to_numpy()),
            "identifier_type": one_each["identifier_type"],
            "identifier_value": one_each["identifier_value"],
        }
    )
    counts = held.group_by(["component", "identifier_type"]).aggregate(
        [("identifier_value", "count_distinct")]
    )
    several = counts.filter(pc.field("identifier_value_count_distinct") > 1)
    return np.asarray(several["component"].to_numpy(), dtype=np.int64)
