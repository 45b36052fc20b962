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

from regulars.engines import Engine, Scratch
from regulars.errors import UserError
from regulars.identity.comparisons import (
    SMALLEST_CHANCE,
    SWAPPED,
    Chances,
    levels_of,
    other_names,
)
from regulars.identity.matching import VAR, Matching
from regulars.identity.passes import learn_from_pairs, linker_of

U_RECORDS = 1_000  # all their pairs are compared: about half a million
SMALLEST_EQUAL = 1e-7
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
    """The columns of `details` that at least two records fill.

    Raises:
        UserError: when `details` doesn't have one of them.
    """
    if not columns:
        return []
    known = connection.sql("select * from details limit 0").columns
    for column in columns:
        if column not in known:
            raise UserError(f"The var {VAR} names {column}, which identity_details doesn't have.")
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
        for level, m in learn_from_pairs(connection, matching, u, key, place).items():
            taught.setdefault(level, []).append(m)
    m_of = {column: _chances_of_one(column, matching, taught) for column in matching.comparisons}
    rows = []
    for column, chances_m in m_of.items():
        most = _weight_of_the_same(column, m_of, u)
        for agreement, made in enumerate(reversed(levels_of(column, matching)[1:])):
            label = _label(made)
            # both names agree where they are swapped
            allowed = most + sum(
                _weight_of_the_same(other, m_of, u)
                for other in other_names(column, matching)
                if label == SWAPPED
            )
            chance_m, chance_u = _rounded(chances_m[agreement]), u[column, agreement][1]
            chance_u = _rounded(max(chance_u, chance_m * 2**-allowed))
            rows.append(
                {
                    "comparison": column,
                    "agreement": agreement,
                    "level": label,
                    "m_probability": chance_m,
                    "u_probability": chance_u,
                    "match_weight": _rounded(float(np.log2(chance_m / chance_u))),
                    "passes_count": len(taught.get((column, agreement), [])),
                }
            )
    return pa.Table.from_pylist(rows, SCHEMA)


def _chances_of_one(
    column: str, matching: Matching, taught: dict[tuple[str, int], list[float]]
) -> list[float]:
    """m of each agreement, from different to the same: what passes taught, or it begins with."""
    made = list(reversed(levels_of(column, matching)[1:]))
    found = []
    for agreement, level in enumerate(made):
        learnt = taught.get((column, agreement))
        start = float(level.m_probability)  # type: ignore[attr-defined]
        found.append(float(np.median(learnt)) if learnt else start)
    chances = np.maximum(np.array(found), SMALLEST_CHANCE)
    return [float(chance) for chance in chances / chances.sum()]


def _weight_of_the_same(column: str, m: dict[str, list[float]], u: Chances) -> float:
    """Bits of agreeing exactly: those of agreeing less are no more.

    Where few records are alike by chance, u of a level between is a guess, and may be too small.
    """
    same = len(m[column]) - 1
    return float(np.log2(m[column][same] / u[column, same][1]))


def _chances_among_all(connection: Scratch, matching: Matching) -> Chances:
    """m to begin with and u, by (column, agreement)."""
    columns = ", ".join(matching.comparisons)
    connection.execute(
        f"create or replace table any_records as select record_number, {columns} from details"
        f" order by hash(record_number), record_number limit {U_RECORDS}"
    ).fetchall()
    ((count,),) = connection.sql("select count(*) from any_records").fetchall()
    pairs = count * (count - 1) / 2
    linker = linker_of(connection, "any_records", matching, None)
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
            u = max(counted, SMALLEST_EQUAL if agreement == same else 1 / pairs)
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


def _label(level: Any) -> str:
    return str(level.create_level_dict("duckdb")["label_for_charts"])


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
