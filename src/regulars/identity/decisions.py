"""Which ties hold: those by shared identifiers and those by details, seen together."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from regulars.engines import Engine
from regulars.identity.detail_matches import COMPARED_PEOPLE, Matches, match_details
from regulars.identity.guard import Evidence, People, Refusal, Ties, refused_ties
from regulars.identity.matching import Matching

Ints = NDArray[np.int64]

DETAILS = "details"  # what ties records that share no identifier

SCHEMA = pa.schema(
    [
        ("record_number", pa.int64()),
        ("other_record_number", pa.int64()),
        ("tied_by", pa.string()),
        ("linked_at", pa.timestamp("us")),
        ("match_bits", pa.float64()),
        ("match_probability", pa.float64()),
        ("is_refused", pa.bool_()),
        ("reason", pa.string()),
        ("groups_bits", pa.float64()),
    ]
)


def decide_ties(
    engine: Engine, details: Any, edges: Any, verified: Any, weights: Any, matching: Matching
) -> pa.Table:
    """All ties by details, and of the ties by identifiers those that are refused.

    Args:
        engine: reads the relations.
        details: record_number, known_at and text columns.
        edges: record_number, first_record_number, linked_at, identifier_type, is_further_value.
        verified: record_number, identifier_type, identifier_value: of types of which a person has
            one, one per record and type.
        weights: what levels of agreement weigh, as learn_weights returns it.
        matching: the var.

    Returns:
        Rows of SCHEMA, sorted. Bits and probability are null for ties by identifiers.
    """
    with engine.scratch(details=details) as connection:
        matches = match_details(connection, engine.read(weights), matching)
        ties = _in_order(engine.read(edges), matches.ties)
        return _decisions(ties, _refusals(ties, matches, engine.read(verified), matching))


def _in_order(edges: pa.Table, by_details: pa.Table) -> pa.Table:
    """Ties in the order in which they count: by when they could be known, then the surest first.

    A further value of a type of which a record has one comes last of all: somebody else's log-in
    on a computer waits until it is known whose the computer is.
    """
    ties = pa.concat_tables(
        [
            pa.table(
                {
                    "left": edges["record_number"],
                    "right": edges["first_record_number"],
                    "tied_by": edges["identifier_type"].cast(pa.string()),
                    "linked_at": edges["linked_at"].cast(pa.timestamp("us")),
                    "bits": pa.nulls(len(edges), pa.float64()),
                    "is_shared": edges["is_further_value"],
                }
            ),
            pa.table(
                {
                    "left": by_details["left"],
                    "right": by_details["right"],
                    "tied_by": pa.array([DETAILS] * len(by_details), pa.string()),
                    "linked_at": by_details["linked_at"],
                    "bits": by_details["bits"],
                    "is_shared": pa.array(np.zeros(len(by_details), dtype=np.bool_)),
                }
            ),
        ]
    )
    # a shared identifier is surer than details
    surest = pc.fill_null(ties["bits"], float("inf"))
    order = pc.sort_indices(
        ties.append_column("surest", surest),
        sort_keys=[
            ("is_shared", "ascending"),
            ("linked_at", "ascending"),
            ("surest", "descending"),
            ("left", "ascending"),
            ("right", "ascending"),
        ],
    )
    return ties.take(order)


@dataclass(frozen=True)
class _Components:
    """Tied records, sorted, and the component of each."""

    numbers: Ints
    component: Ints

    def of(self, numbers: Ints) -> Ints:
        return self.component[np.searchsorted(self.numbers, numbers)]

    @property
    def count(self) -> int:
        return int(self.component.max(initial=-1)) + 1


def _components(left: Ints, right: Ints) -> _Components:
    numbers = np.unique(np.concatenate([left, right]))
    graph = coo_array(
        (
            np.ones(len(left), dtype=np.int8),
            (np.searchsorted(numbers, left), np.searchsorted(numbers, right)),
        ),
        shape=(len(numbers), len(numbers)),
    )
    _, component = connected_components(graph, directed=False)
    return _Components(numbers, component.astype(np.int64))


def _refusals(
    ties: pa.Table, matches: Matches, verified: pa.Table, matching: Matching
) -> list[Refusal]:
    """The refused ties, by their position in `ties`; only suspicious components are gone through.

    Suspicious are components in which a pair of records contradicts itself, that hold two
    identifiers of which a person has one, a record that two people use, or too many people.
    """
    left, right = ties["left"].to_numpy(), ties["right"].to_numpy()
    is_shared = ties["is_shared"].to_numpy(zero_copy_only=False)
    components = _components(left, right)
    tied = components.numbers
    people = tied[np.isin(tied, matches.numbers, assume_unique=True)]
    sizes = np.bincount(components.of(people), minlength=components.count)
    together = people[sizes[components.of(people)] > 1]
    where = components.of(together)
    evidence = matches.evidence(together, where, sizes[where])
    said = components.of(evidence["left"].to_numpy())
    bits = evidence["bits"].to_numpy()

    suspicious = sizes > matching.person_records_cap
    suspicious[said[bits <= matching.contradiction_bits]] = True
    suspicious[components.of(left[is_shared])] = True
    one_each = verified.filter(pa.array(np.isin(verified["record_number"].to_numpy(), tied)))
    suspicious[_with_two_of_a_type(one_each, components)] = True

    found: list[Refusal] = []
    is_uncompared = sizes > COMPARED_PEOPLE
    of_tie = components.of(left)
    holder = components.of(one_each["record_number"].to_numpy())
    for is_strict, chosen in (
        (False, suspicious & ~is_uncompared),
        (True, is_uncompared),
    ):
        places = np.flatnonzero(chosen[of_tie])
        known = evidence.filter(pa.array(chosen[said]))
        refused = refused_ties(
            Ties(left[places], right[places], is_shared[places]),
            Evidence(*(known[name].to_numpy() for name in ("left", "right", "bits"))),
            People(
                people[chosen[components.of(people)]],
                _by_record(one_each.filter(pa.array(chosen[holder]))),
            ),
            matching.contradiction_bits,
            matching.person_records_cap,
            is_strict,
        )
        found += [Refusal(int(places[one.tie]), one.reason, one.bits) for one in refused]
    return found


def _with_two_of_a_type(one_each: pa.Table, components: _Components) -> Ints:
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


def _by_record(one_each: pa.Table) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for row in one_each.to_pylist():
        found.setdefault(row["record_number"], {})[row["identifier_type"]] = row["identifier_value"]
    return found


def _decisions(ties: pa.Table, refusals: list[Refusal]) -> pa.Table:
    """Ties by details and refused ties, sorted by their records."""
    reason = np.full(len(ties), None, dtype=object)
    average = np.full(len(ties), np.nan)
    for refusal in refusals:
        reason[refusal.tie], average[refusal.tie] = refusal.reason, refusal.bits
    bits = ties["bits"].to_numpy(zero_copy_only=False)
    odds = np.exp2(np.clip(bits, -60, 60))
    reasons = pa.array(reason, pa.string())
    table = pa.table(
        {
            "record_number": ties["left"],
            "other_record_number": ties["right"],
            "tied_by": ties["tied_by"],
            "linked_at": ties["linked_at"],
            "match_bits": pa.array(np.round(bits, 4), from_pandas=True),
            "match_probability": pa.array(np.round(odds / (1 + odds), 6), from_pandas=True),
            "is_refused": reasons.is_valid(),
            "reason": reasons,
            "groups_bits": pa.array(np.round(average, 4), from_pandas=True),
        }
    ).cast(SCHEMA)
    kept = pc.field("is_refused") | (pc.field("tied_by") == DETAILS)
    order = ["record_number", "other_record_number", "tied_by"]
    return table.filter(kept).sort_by([(column, "ascending") for column in order])
