"""A table in figures, counted inside the warehouse: no row leaves it."""

import math
from dataclasses import dataclass

from regulars.gates.personal import is_personal, looks_personal
from regulars.gates.warehouse import Warehouse

NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
WHOLE_NUMBERS = NUMBERS[:5]

# texts of at most so many different values are a set of names
MOST_VALUES = 20
# a set is only known where each of its values is seen about so often
ROWS_PER_VALUE = 5


@dataclass(frozen=True)
class ColumnProfile:
    """One column in figures.

    Attributes:
        name: its name.
        type: its type, without what stands in brackets.
        filled: how many rows have a value.
        least: the least number; None for other types, personal columns and empty ones.
        most: the greatest number, likewise.
        values: all values of a text column that has few, in order; none for others.
    """

    name: str
    type: str
    filled: int
    least: float | None = None
    most: float | None = None
    values: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether its numbers have no fractions, by its type."""
        return self.type.removeprefix("U") in WHOLE_NUMBERS


@dataclass(frozen=True)
class TableProfile:
    """One table in figures.

    Attributes:
        rows: how many rows it has.
        columns: its columns, in order.
    """

    rows: int
    columns: list[ColumnProfile]


def profile_table(warehouse: Warehouse, relation: str) -> TableProfile:
    """Counts a table.

    Args:
        warehouse: where it is.
        relation: its full name, as SQL writes it.
    """
    types = {name: t.partition("(")[0] for name, t in warehouse.columns(relation).items()}
    figures = ["count(*)"]
    for name, type_ in types.items():
        figures.append(f"count({quoted(name)})")
        if _has_range(name, type_):
            figures += [f"cast({f}({quoted(name)}) as double)" for f in ("min", "max")]
        else:
            figures += ["null", "null"]
    ((rows, *counted),) = warehouse.rows(f"select {', '.join(figures)} from {relation}")
    columns = []
    for number, (name, type_) in enumerate(types.items()):
        filled, least, most = counted[3 * number : 3 * number + 3]
        if least is None or not (math.isfinite(least) and math.isfinite(most)):
            least = most = None
        values = _values(warehouse, relation, name, filled) if type_ == "VARCHAR" else ()
        columns.append(ColumnProfile(name, type_, filled, least, most, values))
    return TableProfile(rows, columns)


def is_unique(warehouse: Warehouse, relation: str, columns: list[str]) -> bool:
    """Whether no two rows of a table agree in all of the columns."""
    names = ", ".join(map(quoted, columns))
    return not warehouse.rows(
        f"select 1 from {relation} group by {names} having count(*) > 1 limit 1"
    )


def quoted(name: str) -> str:
    """A name as SQL writes it, whatever it is."""
    return '"' + name.replace('"', '""') + '"'


def _has_range(name: str, type_: str) -> bool:
    return type_.removeprefix("U") in NUMBERS and not is_personal(name)


def _values(warehouse: Warehouse, relation: str, name: str, filled: int) -> tuple[str, ...]:
    """All values of a text column, where they are few and surely nobody's; else none."""
    if is_personal(name) or not filled:
        return ()
    column = quoted(name)
    values = [
        value
        for (value,) in warehouse.rows(
            f"select distinct {column} from {relation} where {column} is not null"
            f" limit {MOST_VALUES + 1}"
        )
    ]
    few = len(values) <= MOST_VALUES and filled >= ROWS_PER_VALUE * len(values)
    return tuple(sorted(values)) if few and not any(map(looks_personal, values)) else ()
