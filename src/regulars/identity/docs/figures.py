"""What the identity tables of a target say of its matching: counts and weights, no row of anybody.

Everything is counted in the warehouse; no identifier, name or other detail is ever read.
"""

from dataclasses import dataclass
from itertools import pairwise

from regulars.errors import UserError
from regulars.gates.journal import Run, run_that_built
from regulars.gates.warehouse import Warehouse

LAYER = "identity"
TABLES = (
    "identity_records",
    "identity_clusters",
    "identity_links",
    "identity_link_decisions",
    "identity_suppressed_identifiers",
    "identity_match_weights",
)

DETAILS = "details"  # what ties records that share no identifier

BANDS = (0.0, 0.5, 0.8, 0.95, 0.99, 1.0)  # of match_probability; each from one on, to the next


@dataclass(frozen=True)
class Customers:
    """What became of the records.

    Attributes:
        records: all of them.
        customers: groups of records that are one person.
        joined: customers of more than one record.
        largest: records of the largest customer.
    """

    records: int
    customers: int
    joined: int
    largest: int


@dataclass(frozen=True)
class TiedBy:
    """Ties by details, or by identifiers of a type.

    Attributes:
        name: details, or the type.
        held: ties that hold.
        refused: ties that would have made one person of two.
    """

    name: str
    held: int
    refused: int


@dataclass(frozen=True)
class Band:
    """Ties by details that hold, with a match_probability from `lowest` on and below `highest`.

    Attributes:
        lowest, highest: the band's; that of the last band belongs to it.
        ties: how many.
        right: the mean of their match_probability; None without ties.
    """

    lowest: float
    highest: float
    ties: int
    right: float | None


@dataclass(frozen=True)
class Refused:
    """Ties that were refused for a reason; the names are those of identity_link_decisions."""

    reason: str
    tied_by: str
    ties: int


@dataclass(frozen=True)
class Suppressed:
    """Identifiers of a type that are on too many records to tie any.

    Attributes:
        name: the type.
        identifiers: how many.
        cap: on how many records one may stand.
        most: records of the one on most records.
        records: of all; one with two of the identifiers counts twice.
    """

    name: str
    identifiers: int
    cap: int
    most: int
    records: int


@dataclass(frozen=True)
class Weight:
    """What one level of agreement weighs: a row of identity_match_weights.

    Attributes:
        comparison: the compared column.
        agreement: 0 is different, the highest the same.
        level: the level in words.
        m, u: the chance of it among records of one person, and among any two.
        is_learnt: whether m was learnt from the records.
    """

    comparison: str
    agreement: int
    level: str
    m: float
    u: float
    is_learnt: bool


@dataclass(frozen=True)
class Figures:
    """All that the page shows.

    Attributes:
        run: the run that decided on the ties; None when the journal doesn't know it.
        customers: what became of the records.
        tied_by: what ties them, the most frequent first.
        bands: those of BANDS, from the lowest on.
        overall: ties by details that hold, in one band.
        bits: how many of these have at least so many bits and less than one more, from the
            fewest on.
        refused: by reason and what would have tied, the most frequent first.
        suppressed: by type, the most identifiers first.
        weights: by comparison, what weighs most when it is the same first; there the same first.
    """

    run: Run | None
    customers: Customers
    tied_by: list[TiedBy]
    bands: list[Band]
    overall: Band
    bits: list[tuple[int, int]]
    refused: list[Refused]
    suppressed: list[Suppressed]
    weights: list[Weight]


def read_figures(warehouse: Warehouse, target: str) -> Figures:
    """Counts what there is to say of a target's matching.

    Raises:
        UserError: when its identity isn't built.
    """
    for table in TABLES:
        if warehouse.find(table, LAYER) != f'"{LAYER}"."{table}"':
            raise UserError(
                f"Records of {target} aren't matched into customers yet ({LAYER}.{table} is"
                " missing): regulars build first."
            )
    held = f"from {LAYER}.identity_link_decisions where tied_by = '{DETAILS}' and not is_refused"
    return Figures(
        run=run_that_built(warehouse, target, "identity_link_decisions"),
        customers=_customers(warehouse),
        tied_by=_tied_by(warehouse),
        bands=[_band(warehouse, held, *limits) for limits in pairwise(BANDS)],
        overall=_band(warehouse, held, BANDS[0], BANDS[-1]),
        bits=[
            (bits, ties)
            for bits, ties in warehouse.rows(
                f"select cast(floor(match_bits) as integer) as bits, count(*) {held}"
                " group by bits order by bits"
            )
        ],
        refused=[
            Refused(*row)
            for row in warehouse.rows(
                f"select reason, tied_by, count(*) as ties from {LAYER}.identity_link_decisions"
                " where is_refused group by reason, tied_by"
                " order by sum(ties) over (partition by reason) desc, reason, ties desc, tied_by",
            )
        ],
        suppressed=[
            Suppressed(*row)
            for row in warehouse.rows(
                "select identifier_type, count(*) as identifiers, max(records_cap),"
                " max(records_count), cast(sum(records_count) as bigint)"
                f" from {LAYER}.identity_suppressed_identifiers group by identifier_type"
                " order by identifiers desc, identifier_type",
            )
        ],
        weights=[
            Weight(*row)
            for row in warehouse.rows(
                "select comparison, agreement, level, m_probability, u_probability,"
                f" passes_count > 0 from {LAYER}.identity_match_weights"
                " order by first_value(match_weight) over (partition by comparison"
                " order by agreement desc) desc, comparison, agreement desc",
            )
        ],
    )


def _customers(warehouse: Warehouse) -> Customers:
    ((records,),) = warehouse.rows(f"select count(*) from {LAYER}.identity_records")
    ((customers, joined, largest),) = warehouse.rows(
        "select count(*), count(*) filter (where records > 1), coalesce(max(records), 0)"
        f" from (select count(*) as records from {LAYER}.identity_clusters"
        " group by root_record_number)",
    )
    return Customers(records, customers, joined, largest)


def _tied_by(warehouse: Warehouse) -> list[TiedBy]:
    rows = warehouse.rows(
        "select tied_by, count(*) filter (where not is_refused) as held,"
        " count(*) filter (where is_refused) as refused"
        f" from (select tied_by, false as is_refused from {LAYER}.identity_links"
        f" union all select tied_by, true from {LAYER}.identity_link_decisions where is_refused)"
        " group by tied_by order by held desc, refused desc, tied_by",
    )
    return [TiedBy(*row) for row in rows]


def _band(warehouse: Warehouse, held: str, lowest: float, highest: float) -> Band:
    below = "<=" if highest == BANDS[-1] else "<"
    ((ties, right),) = warehouse.rows(
        f"select count(*), avg(match_probability) {held}"
        f" and match_probability >= {lowest} and match_probability {below} {highest}",
    )
    return Band(lowest, highest, ties, right)
