"""One pass of expectation maximisation: what pairs that are mostly one person teach."""

from typing import Any

from splink import Linker
from splink.backends.duckdb import DuckDBAPI

from regulars.engines import Scratch
from regulars.identity.comparisons import Chances, splink_settings
from regulars.identity.matching import Matching

BLOCK_RECORDS = 8  # larger blocks hold more strangers than they teach
PASS_RECORDS = 50_000
FEWEST_RECORDS = 20  # in a pass
FEWEST_PAIRS = 20  # of a pass, with a value on both sides: fewer teach nothing of a column
MOST_DIFFERENT = 1 / 3  # of one person's pairs: of a column that is said to be theirs
MOST_ROUNDS, FEW_ROUNDS = 50, 4  # of expectation maximisation


def learn_from_pairs(
    connection: Scratch,
    matching: Matching,
    u: Chances,
    key: tuple[str, ...],
    place: int,
) -> dict[tuple[str, int], float]:
    """m by (column, agreement), from pairs that agree on a key; nothing where there are few.

    Args:
        connection: with the table `details`; a table is left on it.
        matching: only columns that are filled.
        u: chances of each agreement among any two records.
        key: columns.
        place: number of the pass, which names its table.
    """
    table, named = f"training_{place}", ", ".join(key)
    connection.execute(
        f"""
        create or replace table {table} as
        with blocks as (
            select {named}, hash({named}) as block, count(*) as records
            from details
            where {" and ".join(f"{column} is not null" for column in key)}
            group by {named} having count(*) between 2 and {BLOCK_RECORDS}
        ),
        chosen as (
            select *, sum(records) over (
                order by block, {named} rows unbounded preceding
            ) as so_far
            from blocks
        )
        select record_number, {", ".join(matching.comparisons)}, block
        from details inner join chosen using ({named})
        where so_far <= {PASS_RECORDS}
        """
    ).fetchall()
    ((count,),) = connection.sql(f"select count(*) from {table}").fetchall()
    if count < FEWEST_RECORDS:
        return {}
    rule = " and ".join(f"l.{column} = r.{column}" for column in key) + " and l.block = r.block"
    found = _matches(connection, table, matching, u, rule, MOST_ROUNDS)
    if found is None:
        found = _matches(connection, table, matching, u, rule, FEW_ROUNDS)
    pairs = _compared_pairs(connection, table, matching, rule)
    return _credible(
        {level: m for level, m in (found or {}).items() if pairs[level[0]] >= FEWEST_PAIRS}
    )


def _compared_pairs(
    connection: Scratch, table: str, matching: Matching, rule: str
) -> dict[str, int]:
    """By column, how many pairs of a pass have a value on both sides."""
    columns = list(matching.comparisons)
    counts = ", ".join(f"count(l.{column} || r.{column})" for column in columns)
    found = connection.sql(
        f"select {counts} from {table} as l inner join {table} as r"
        f" on {rule} and l.record_number < r.record_number"
    )
    return dict(zip(columns, found.fetchall()[0], strict=True))


def _matches(
    connection: Scratch,
    table: str,
    matching: Matching,
    u: Chances,
    rule: str,
    rounds: int,
) -> dict[tuple[str, int], float] | None:
    """m by (column, agreement); None when a chance went to zero, which Splink doesn't allow."""
    linker = linker_of(connection, table, matching, u, rounds)
    try:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True
        )
    except ValueError as error:
        if "below the minimum" not in str(error):
            raise
        return None
    return {
        (comparison.output_column_name, level.comparison_vector_value): level._trained_m_median
        for comparison in linker._settings_obj.comparisons
        for level in comparison.comparison_levels
        if not level.is_null_level and level._has_estimated_m_values
    }


def _credible(found: dict[tuple[str, int], float]) -> dict[tuple[str, int], float]:
    """Of what a pass found, the columns that mostly agree; none where most columns don't.

    Where one person's pairs are few, a pass may take strangers for them.
    """
    columns = {column for column, _ in found}
    agreeing = {column for column in columns if found.get((column, 0), 0.0) <= MOST_DIFFERENT}
    if 2 * len(agreeing) <= len(columns):
        return {}
    return {level: m for level, m in found.items() if level[0] in agreeing}


def linker_of(
    connection: Scratch,
    table: str,
    matching: Matching,
    chances: Chances | None,
    rounds: int = MOST_ROUNDS,
) -> Any:
    """Splink's Linker on a table, with the chances where there are any."""
    settings = splink_settings(matching, chances)
    settings.max_iterations = rounds
    return Linker(DuckDBAPI(connection).register(table), settings, log_level=None)
