"""Learning what each level of agreement weighs, from the records themselves and without labels.

u, the chance of a level among any two records, is counted over a sample of all pairs; that of two
equal values exactly, from how often each value occurs. m, the chance among records of one person,
is estimated by expectation maximisation (Fellegi and Sunter 1969; Winkler 1988) in several passes,
each over pairs that agree on some columns and so are mostly one person; a column is learnt in the
passes that don't hold it fixed, and the median of them counts.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from splink import Linker
from splink.backends.duckdb import DuckDBAPI

from regulars.engines import Engine, Scratch
from regulars.identity.comparisons import (
    SMALLEST_CHANCE,
    Chances,
    levels_of,
    splink_settings,
)
from regulars.identity.matching import Matching

U_RECORDS = 1_000  # all their pairs are compared: about half a million
BLOCK_RECORDS = 8  # larger blocks hold more strangers than they teach
PASS_RECORDS = 50_000
FEWEST_RECORDS = 20  # in a pass
MOST_DIFFERENT = 1 / 3  # of one person's pairs: of a column that is said to be theirs
MOST_ROUNDS, FEW_ROUNDS = 50, 4  # of expectation maximisation
SMALLEST_EQUAL = 1e-7
SMALLEST_U = 1e-6  # less than one of the pairs that are compared
DIGITS = 6  # of chances: what the order of a sum may change is behind them

SCHEMA = pa.schema(
    [
        ("comparison", pa.string()),
        ("agreement", pa.int64()),
        ("level", pa.string()),
        ("m_probability", pa.float64()),
        ("u_probability", pa.float64()),
        ("match_weight", pa.float64()),
        ("passes_count", pa.int64()),
    ]
)


def filled_columns(connection: Scratch, columns: Sequence[str]) -> list[str]:
    """The columns of `details` that at least two records fill."""
    if not columns:
        return []
    counts = connection.sql(f"select {', '.join(f'count({c})' for c in columns)} from details")
    return [c for c, count in zip(columns, counts.fetchall()[0], strict=True) if count > 1]


def learn_weights(engine: Engine, details: Any, matching: Matching) -> pa.Table:
    """What each level of each comparison weighs.

    Args:
        engine: reads the relation.
        details: record_number and text columns.
        matching: the comparisons; columns that nobody fills are left out.

    Returns:
        One row per level (SCHEMA): m and u, log2(m / u), and the number of passes that taught m;
        0 where what the level begins with is kept.
    """
    with engine.scratch(details=details) as connection:
        return _learn(connection, matching)


def chances_of(weights: pa.Table) -> Chances:
    """m and u by (column, agreement)."""
    return {
        (row["comparison"], row["agreement"]): (row["m_probability"], row["u_probability"])
        for row in weights.to_pylist()
    }


def _learn(connection: Scratch, matching: Matching) -> pa.Table:
    matching = matching.of(filled_columns(connection, matching.columns))
    if not matching.comparisons:
        return SCHEMA.empty_table()
    u = _chances_among_all(connection, matching)
    taught: dict[tuple[str, int], list[float]] = {}
    for place, key in enumerate(matching.training_keys):
        for level, m in _one_pass(connection, matching, u, key, place).items():
            taught.setdefault(level, []).append(m)
    rows = []
    for column in matching.comparisons:
        made = levels_of(column, matching)[1:]
        learnt = [taught.get((column, agreement), []) for agreement in range(len(made))]
        start = [float(level.m_probability) for level in reversed(made)]  # type: ignore[attr-defined]
        learnt_m = [np.median(ms) if ms else s for ms, s in zip(learnt, start, strict=True)]
        chances_m = np.maximum(np.array(learnt_m, dtype=np.float64), SMALLEST_CHANCE)
        chances_m /= chances_m.sum()
        for agreement, made_level in enumerate(reversed(made)):
            chances = _rounded(float(chances_m[agreement])), _rounded(u[column, agreement][1])
            rows.append(
                {
                    "comparison": column,
                    "agreement": agreement,
                    "level": _label(made_level),
                    "m_probability": chances[0],
                    "u_probability": chances[1],
                    "match_weight": _rounded(float(np.log2(chances[0] / chances[1]))),
                    "passes_count": len(learnt[agreement]),
                }
            )
    return pa.Table.from_pylist(rows, SCHEMA)


def _chances_among_all(connection: Scratch, matching: Matching) -> Chances:
    """m to begin with and u, by (column, agreement)."""
    columns = ", ".join(matching.comparisons)
    connection.execute(
        f"create or replace table any_records as select record_number, {columns} from details"
        f" order by hash(record_number), record_number limit {U_RECORDS}"
    ).fetchall()
    linker = _linker(connection, "any_records", matching, None)
    # more pairs than there are: all are compared, so nothing is drawn
    linker.training.estimate_u_using_random_sampling(
        max_pairs=1e12, min_count_per_level=None, num_chunks=1
    )
    found: Chances = {}
    for comparison in linker._settings_obj.comparisons:
        column = comparison.output_column_name
        agreements = [level for level in comparison.comparison_levels if not level.is_null_level]
        same = max(level.comparison_vector_value for level in agreements)
        for level in agreements:
            agreement = level.comparison_vector_value
            counted = level.u_probability if level._has_estimated_u_values else 0.0
            if agreement == same:
                counted = _of_equal(connection, column)
            u = max(counted, SMALLEST_EQUAL if agreement == same else SMALLEST_U)
            found[column, agreement] = (level.m_probability, u)
    return found


def _of_equal(connection: Scratch, column: str) -> float:
    """The chance that any two records with a value have the same."""
    ((chance,),) = connection.sql(
        "select sum(records * (records - 1)) / nullif(sum(records) * (sum(records) - 1.0), 0)"
        f" from (select count(*) as records from details where {column} is not null"
        f" group by {column})"
    ).fetchall()
    return float(chance or 0.0)


def _one_pass(
    connection: Scratch,
    matching: Matching,
    u: Chances,
    key: tuple[str, ...],
    place: int,
) -> dict[tuple[str, int], float]:
    """m by (column, agreement), from pairs that agree on a key; nothing where there are few."""
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
    return _credible(found or {})


def _matches(
    connection: Scratch,
    table: str,
    matching: Matching,
    u: Chances,
    rule: str,
    rounds: int,
) -> dict[tuple[str, int], float] | None:
    """m by (column, agreement); None when a chance went to zero, which Splink doesn't allow."""
    linker = _linker(connection, table, matching, u, rounds)
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


def _linker(
    connection: Scratch,
    table: str,
    matching: Matching,
    chances: Chances | None,
    rounds: int = MOST_ROUNDS,
) -> Any:
    settings = splink_settings(matching, chances)
    settings.max_iterations = rounds
    return Linker(DuckDBAPI(connection).register(table), settings, log_level=None)


def _label(level: Any) -> str:
    return str(level.create_level_dict("duckdb")["label_for_charts"])


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
