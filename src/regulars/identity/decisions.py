"""Which ties hold: those by shared identifiers and those by details, seen together."""

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.engines import Engine
from regulars.identity.detail_matches import match_details
from regulars.identity.doubts import Components, Doubts, components_of, doubts_of, tied
from regulars.identity.guard import Evidence, Judgement, People, Ties, judge_ties
from regulars.identity.matching import Matching

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
    """All ties by details, and of the ties by identifiers those that don't simply hold.

    Of ties by identifiers there is a row where one is refused, and for a further log-in that holds
    because details agree: its `linked_at` is when these, too, were known. Other further log-ins
    have no row and don't hold: they add nothing.

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
        ties = _ties(engine.read(edges), matches.ties)
        components = components_of(ties)
        one_each = tied(engine.read(verified), components)
        doubts = doubts_of(ties, components, matches, one_each, matching)
        in_doubt = doubts.is_suspicious[components.of(ties["left"].to_numpy())]
        by_details = pc.equal(ties["tied_by"], DETAILS)
        told = _in_order(ties.filter(pc.or_(by_details, pa.array(in_doubt))))
        return _decisions(told, _judgement(told, components, doubts, one_each, matching))


def _ties(edges: pa.Table, by_details: pa.Table) -> pa.Table:
    """Ties by identifiers and by details; bits are null for the former."""
    return pa.concat_tables(
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


def _in_order(ties: pa.Table) -> pa.Table:
    """Ties in the order in which they count: by when they could be known, then the surest first.

    A further value of a type of which a record has one comes last of all: somebody else's log-in
    on a computer waits until it is known whose the computer is.
    """
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


def _judgement(
    ties: pa.Table,
    components: Components,
    doubts: Doubts,
    one_each: pa.Table,
    matching: Matching,
) -> Judgement:
    """What became of ties, by their position; only suspicious components are gone through."""
    found = Judgement([], [])
    left, right = ties["left"].to_numpy(), ties["right"].to_numpy()
    moments = ties["linked_at"].cast(pa.int64()).to_numpy()
    is_shared = ties["is_shared"].to_numpy(zero_copy_only=False)
    of_tie = components.of(left)
    of_person = components.of(doubts.people)
    said = components.of(doubts.evidence["left"].to_numpy())
    holder = components.of(one_each["record_number"].to_numpy())
    for is_strict, chosen in (
        (False, doubts.is_suspicious & ~doubts.is_uncompared),
        (True, doubts.is_uncompared),
    ):
        places = np.flatnonzero(chosen[of_tie])
        known = doubts.evidence.filter(pa.array(chosen[said]))
        judged = judge_ties(
            Ties(left[places], right[places], moments[places], is_shared[places]),
            Evidence(*(known[name].to_numpy() for name in ("left", "right", "bits"))),
            People(
                doubts.people[chosen[of_person]],
                doubts.known_at[chosen[of_person]],
                _by_record(one_each.filter(pa.array(chosen[holder]))),
            ),
            matching.contradiction_bits,
            matching.person_records_cap,
            is_strict,
        )
        found.refused.extend(replace(one, tie=int(places[one.tie])) for one in judged.refused)
        found.agreed.extend(replace(one, tie=int(places[one.tie])) for one in judged.agreed)
    return found


def _by_record(one_each: pa.Table) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for row in one_each.to_pylist():
        found.setdefault(row["record_number"], {})[row["identifier_type"]] = row["identifier_value"]
    return found


def _decisions(ties: pa.Table, judgement: Judgement) -> pa.Table:
    """Ties by details, by shared records that agree, and refused ties, sorted by their records."""
    reason = np.full(len(ties), None, dtype=object)
    average = np.full(len(ties), np.nan)
    moments = ties["linked_at"].cast(pa.int64()).to_numpy().copy()
    is_told = pc.equal(ties["tied_by"], DETAILS).to_numpy().copy()
    for refusal in judgement.refused:
        reason[refusal.tie], average[refusal.tie] = refusal.reason, refusal.bits
        is_told[refusal.tie] = True
    for agreement in judgement.agreed:
        moments[agreement.tie], average[agreement.tie] = agreement.known_at, agreement.bits
        is_told[agreement.tie] = True
    bits = ties["bits"].to_numpy(zero_copy_only=False)
    odds = np.exp2(np.clip(bits, -60, 60))
    reasons = pa.array(reason, pa.string())
    table = pa.table(
        {
            "record_number": ties["left"],
            "other_record_number": ties["right"],
            "tied_by": ties["tied_by"],
            "linked_at": pa.array(moments).cast(pa.timestamp("us")),
            "match_bits": pa.array(np.round(bits, 4), from_pandas=True),
            "match_probability": pa.array(np.round(odds / (1 + odds), 6), from_pandas=True),
            "is_refused": reasons.is_valid(),
            "reason": reasons,
            "groups_bits": pa.array(np.round(average, 4), from_pandas=True),
        }
    ).cast(SCHEMA)
    order = ["record_number", "other_record_number", "tied_by"]
    return table.filter(pa.array(is_told)).sort_by([(column, "ascending") for column in order])
