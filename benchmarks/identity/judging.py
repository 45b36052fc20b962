"""What the identity models made of records whose people are known."""

from dataclasses import dataclass

import duckdb

from benchmarks.identity.metrics import Agreement, agreement

HEADER = (
    "| data | pairs: precision | recall | F1 | exact clusters: precision | recall"
    " | records | people | clusters | largest |\n|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Calibration:
    """Ties by details that hold.

    Attributes:
        ties: how many.
        said: their mean match_probability.
        true: the share that tie one person.
    """

    ties: int
    said: float
    true: float


def judge(connection: duckdb.DuckDBPyConnection, people: str, only: str = "true") -> Agreement:
    """The clusters of the records of `people`.

    Args:
        connection: to a warehouse.
        people: SQL: source_name, source_record_id, person; each record once.
        only: SQL: which record_numbers count.
    """
    found = connection.sql(
        f"""
        select root_record_number as cluster, person
        from identity.identity_clusters
        inner join identity.identity_records using (record_number)
        inner join ({people}) using (source_name, source_record_id)
        where {only}
        """
    ).fetchnumpy()
    return agreement(found["cluster"], found["person"])


def row(name: str, found: Agreement) -> str:
    """A line of the table."""
    shares = (found.precision, found.recall, found.f1)
    exact = (found.cluster_precision, found.cluster_recall)
    counts = (found.records, found.people, found.clusters, found.largest)
    return (
        f"| {name} | "
        + " | ".join(
            [*(f"{share:.4f}" for share in (*shares, *exact)), *(f"{n:,}" for n in counts)]
        )
        + " |"
    )


def ties_in_words(connection: duckdb.DuckDBPyConnection, people: str) -> str:
    """Markdown: what the matching says of its own ties, and what was refused."""
    lines, found = [], calibration(connection, people)
    if found.ties:
        lines += [
            f"\nTies by details: {found.ties:,}; mean match_probability {found.said:.4f},"
            f" {found.true:.4f} of them tie one person"
        ]
    refused = refusals(connection, people)
    if refused:
        lines += ["\n| refused: tied by | reason | ties | of two people |", "|---|---|---|---|"]
    lines += [
        f"| {tied_by} | {reason} | {ties:,} | {strangers / ties:.1%} |"
        for tied_by, reason, ties, strangers in refused
    ]
    return "\n".join(lines)


def calibration(connection: duckdb.DuckDBPyConnection, people: str) -> Calibration:
    """How sure the matching says it is of the ties that it made, and how right it is."""
    ((ties, said, true),) = connection.sql(
        f"""
        with of_person as (
            select record_number, person
            from identity.identity_records
            inner join ({people}) using (source_name, source_record_id)
        )
        select count(*), coalesce(avg(match_probability), 1),
            coalesce(avg((a.person = b.person)::int), 1)
        from identity.identity_link_decisions as tie
        inner join of_person as a on tie.record_number = a.record_number
        inner join of_person as b on tie.other_record_number = b.record_number
        where tie.tied_by = 'details' and not tie.is_refused
        """
    ).fetchall()
    return Calibration(ties, said, true)


def refusals(connection: duckdb.DuckDBPyConnection, people: str) -> list[tuple[str, str, int, int]]:
    """Refused ties: what tied, why not, how many, and how many of them were of two people."""
    return connection.sql(
        f"""
        with of_person as (
            select record_number, person
            from identity.identity_records
            inner join ({people}) using (source_name, source_record_id)
        )
        select tie.tied_by, tie.reason, count(*), count(*) filter (a.person <> b.person)
        from identity.identity_link_decisions as tie
        inner join of_person as a on tie.record_number = a.record_number
        inner join of_person as b on tie.other_record_number = b.record_number
        where tie.is_refused
        group by all order by all
        """
    ).fetchall()
