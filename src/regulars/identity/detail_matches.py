"""What the details of records say: which records they tie, and which pairs they speak against."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from regulars.engines import Scratch
from regulars.errors import UserError
from regulars.identity.matching import Matching
from regulars.identity.scoring import PairScorer, least_bits, prior_bits
from regulars.identity.training import chances_of, filled_columns

Ints = NDArray[np.int64]

COMPARED_PEOPLE = 200  # in a component with more records with details, not all pairs are compared

TIES = pa.schema(
    [
        ("left", pa.int64()),
        ("right", pa.int64()),
        ("linked_at", pa.timestamp("us")),
        ("bits", pa.float64()),
    ]
)
EVIDENCE = pa.schema([("left", pa.int64()), ("right", pa.int64()), ("bits", pa.float64())])


@dataclass(frozen=True)
class Matches:
    """Records with details, and how they match.

    Attributes:
        numbers: of the records with details, sorted.
        known_at: since when each is known, in microseconds.
        ties: pairs that are one person by their details, sorted; `linked_at` is when both were
            known, `bits` how much speaks for it.
    """

    numbers: Ints
    known_at: Ints
    ties: pa.Table

    def evidence(self, members: Ints, component: Ints, people: Ints) -> pa.Table:
        """How much speaks for pairs' being one person.

        Args:
            members: numbers of records with details, each once, in components with others.
            component: of each member.
            people: how many records with details each member's component has.

        Returns:
            (left, right, bits) of all pairs of each component, or, where it is too large for
            that, of those that agree on a key; sorted.
        """
        return EVIDENCE.empty_table()


def match_details(connection: Scratch, weights: pa.Table, matching: Matching) -> Matches:
    """Compares the records that agree on a key.

    Args:
        connection: with the table `details`; it may be left with other tables.
        weights: what levels of agreement weigh; without any, nothing is compared.
        matching: the var.

    Raises:
        UserError: when the weights lack a column that is compared.
    """
    if not len(weights):
        nobody = np.empty(0, dtype=np.int64)
        return Matches(nobody, nobody, TIES.empty_table())
    matching = matching.of(filled_columns(connection, matching.columns))
    if set(matching.comparisons) - set(weights["comparison"].to_pylist()):
        raise UserError("identity_match_weights is older than identity_details: build it again.")
    scorer = PairScorer(connection, matching, chances_of(weights))
    scored = scorer.bits(scorer.candidates(), at_least=least_bits(scorer.records))
    bits = connection.sql(f"select bits from {scored}").to_arrow_table()["bits"].to_numpy()
    prior = prior_bits(bits, scorer.records)
    people = connection.sql(
        "select record_number, epoch_us(known_at) as known_at from details order by 1"
    ).to_arrow_table()
    return _Compared(
        people["record_number"].to_numpy(),
        people["known_at"].to_numpy(),
        _ties(connection, scored, prior, matching),
        scorer,
        scored,
        prior,
    )


def _ties(connection: Scratch, scored: str, prior: float, matching: Matching) -> pa.Table:
    wanted = np.log2(matching.probability / (1 - matching.probability)) - prior
    return (
        connection.sql(
            f"""
            select left_number as left, right_number as right,
                greatest(a.known_at, b.known_at) as linked_at, bits + {prior} as bits
            from {scored}
            inner join details as a on left_number = a.record_number
            inner join details as b on right_number = b.record_number
            where {f"bits >= {wanted}" if matching.links else "false"}
            order by left_number, right_number
            """
        )
        .to_arrow_table()
        .cast(TIES)
    )


@dataclass(frozen=True)
class _Compared(Matches):
    scorer: PairScorer
    scored: str
    prior: float

    def evidence(self, members: Ints, component: Ints, people: Ints) -> pa.Table:
        connection = self.scorer.connection
        connection.register(
            "members_given",
            pa.table({"record_number": members, "component": component, "people": people}),
        )
        connection.execute("create or replace table members as from members_given").fetchall()
        connection.unregister("members_given")
        connection.execute(
            f"""
            create or replace table together as
            select a.record_number as left_number, b.record_number as right_number
            from members as a inner join members as b using (component)
            where a.record_number < b.record_number and a.people <= {COMPARED_PEOPLE}
            """
        ).fetchall()
        every = self.scorer.bits("together")
        found = connection.sql(
            f"""
            select left_number as left, right_number as right, bits from {every}
            union all
            select left_number, right_number, bits
            from {self.scored}
            inner join members as a on left_number = a.record_number
            inner join members as b on right_number = b.record_number
            where a.component = b.component and a.people > {COMPARED_PEOPLE}
            order by 1, 2
            """
        ).to_arrow_table()
        bits = pc.add(found["bits"], self.prior)
        return found.set_column(2, "bits", bits).cast(EVIDENCE)
