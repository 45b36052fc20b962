"""Which pairs are compared, and how much speaks for their being one person, in bits.

0 bits: as likely one person as not; each bit more doubles the odds. A pair's bits are those of
its levels of agreement, with shared evidence capped, and those of the odds that any two records
are one person. The latter are estimated from the pairs themselves.
"""

from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray
from splink import Linker
from splink.backends.duckdb import DuckDBAPI

from regulars.engines import Scratch
from regulars.identity.comparisons import Chances, splink_settings, term_frequencies
from regulars.identity.matching import Matching

BLOCK_RECORDS = 200  # more records that agree on a key say little of any two
PAIRS_PER_RECORD = 1.0  # of one key: its largest blocks are left out beyond
ROUNDS = 100
DECIMALS = 4


class PairScorer:
    """Scores pairs of `details` on a connection that it may leave tables in.

    Args:
        connection: with the table `details`: record_number and text columns.
        matching: only columns that are filled.
        chances: m and u by (column, agreement).
    """

    def __init__(self, connection: Scratch, matching: Matching, chances: Chances) -> None:
        self.connection = connection
        self.matching = matching
        self.api = DuckDBAPI(connection)
        self.linker = Linker(
            self.api.register("details"), splink_settings(matching, chances), log_level=None
        )
        ((self.records,),) = connection.sql("select count(*) from details").fetchall()
        self.tables = 0

    def candidates(self) -> str:
        """Names a table (left_number, right_number) of pairs that agree on a key, each once."""
        connection, found = self.connection, self._new("candidates")
        every = self._new("agreeing")
        connection.execute(
            f"create table {every} (left_number bigint, right_number bigint)"
        ).fetchall()
        for key in self.matching.keys:
            connection.execute(
                f"create or replace table keyed as select record_number, hash({', '.join(key)})"
                f" as block from details where {' and '.join(f'{c} is not null' for c in key)}"
            ).fetchall()
            connection.execute(
                f"""
                insert into {every}
                with blocks as (
                    select block, count(*) as records from keyed
                    group by block having count(*) between 2 and {BLOCK_RECORDS}
                ),
                kept as (
                    select block from blocks
                    qualify sum(records * (records - 1) / 2) over (
                        order by records, block rows unbounded preceding
                    ) <= {PAIRS_PER_RECORD * self.records}
                ),
                members as (select block, record_number from keyed semi join kept using (block))
                select a.record_number, b.record_number
                from members as a inner join members as b using (block)
                where a.record_number < b.record_number
                """
            ).fetchall()
        connection.execute(f"create table {found} as select distinct * from {every}").fetchall()
        connection.execute(f"drop table {every}; drop table if exists keyed").fetchall()
        return found

    def bits(self, pairs: str, at_least: float | None = None) -> str:
        """Names a table (left_number, right_number, bits) of pairs that stand in another one.

        `bits` are without the odds that any two records are one person; pairs with fewer than
        `at_least` (before shared evidence is capped) are left out.
        """
        named = self._new("blocked")
        self.connection.execute(
            f"create view {named} as select '0' as match_key, left_number as join_key_l,"
            f" right_number as join_key_r from {pairs}"
        ).fetchall()
        self.linker.table_management.register_blocked_pairs_for_predict(self.api.register(named))
        scored = self.linker.inference.predict(threshold_match_weight=at_least)
        found = self._new("scored")
        self.connection.execute(
            f"create table {found} as select record_number_l as left_number,"
            f" record_number_r as right_number, round({self._evidence()}, {DECIMALS}) as bits"
            f" from {scored.physical_name}"
        ).fetchall()
        scored.drop_table_from_database_and_remove_from_cache()
        return found

    def _evidence(self) -> str:
        """SQL: the sum of all levels' bits, no group of shared evidence counting for too much.

        It is the largest sum under all caps: over every choice of groups, the smallest of what
        these may count for and the other columns do.
        """
        columns = {
            column: f"mw_{column} + mw_tf_adj_{column}"
            if term_frequencies(column, self.matching)
            else f"mw_{column}"
            for column in self.matching.comparisons
        }
        shared = [s for s in self.matching.shared_evidence if set(s.columns) & set(columns)]
        bounds = []
        for chosen in chain.from_iterable(
            combinations(shared, size) for size in range(len(shared) + 1)
        ):
            covered = {column for one in chosen for column in one.columns}
            terms = [str(one.bits) for one in chosen]
            terms += [bits for column, bits in columns.items() if column not in covered]
            bounds.append(" + ".join(terms))
        return f"least({', '.join(bounds)})"

    def _new(self, name: str) -> str:
        self.tables += 1
        return f"{name}_{self.tables}"


def least_bits(records: int) -> float:
    """Pairs with fewer bits are not one person, however many records there are."""
    return float(np.log2(max(records, 2))) - 8


def prior_bits(bits: NDArray[np.float64], records: int) -> float:
    """log2 of the odds that any two records are one person.

    They are the ones under which the pairs' probabilities add up to as many matches as they say
    there are: each round counts the matches that the last one's odds lead to.

    Args:
        bits: of all pairs that may be one person, without these odds, any order.
        records: how many there are.
    """
    every = records * (records - 1) / 2
    share = min(1 / records, 0.5)
    factors = np.exp2(np.sort(bits))
    for _ in range(ROUNDS):
        odds = share / (1 - share) * factors
        found = float((odds / (1 + odds)).sum()) / every
        found = min(max(found, 1 / every / 2), 0.5)
        if abs(found - share) <= 1e-9 * share:
            break
        share = found
    return round(float(np.log2(share / (1 - share))), DECIMALS)
