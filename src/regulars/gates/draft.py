"""A first suite for a table, drafted from how it looks after a run that ended well.

It is meant to be lived with: few expectations, far from the edge. Critical, which stops a run,
is only what can't be right otherwise; whatever may come to change is a warning.
"""

import json
import math
import re
from itertools import combinations
from typing import Any

from regulars.gates.gated_tables import DeclaredTable
from regulars.gates.personal import is_personal
from regulars.gates.profile import ColumnProfile, TableProfile, is_unique, profile_table
from regulars.gates.warehouse import Warehouse

# names that tell of an id, and those that an id may be unique together with
ID_LIKE = re.compile(r"(^|_)(id|key|code|number|name)$")
KEY_LIKE = re.compile(
    r"(^|_)(id|key|code|number|name|type|date|day|at|prediction|channel|purpose)$"
)
MOST_KEY_COLUMNS = 3

# text that names a run, a file or a version changes from run to run
TECHNICAL = re.compile(r"(^|_)(id|from|hash|version|path|file)$")
# columns of one family differ in the days that they look back
FAMILY = re.compile(r"^(?P<stem>.+)_(?P<days>\d+)d(?P<rest>_.*)?$")
SHARES = re.compile(r"(^|_)(score|share|rate|probability)$")
PERCENTAGES = re.compile(r"(^|_)(percentile|percent|pct)$")
GRADES = re.compile(r"(^|_)(score|decile|quintile|quartile|label|flag|level|rating|grade)$")

Expectation = dict[str, Any]


def draft_suite(
    table: str, warehouse: Warehouse, relation: str, declared: DeclaredTable | None
) -> dict[str, Any]:
    """A suite that its table passes today.

    Args:
        table: the table's name, and the suite's.
        warehouse: where the table is.
        relation: its full name, as SQL writes it.
        declared: what its model's YAML says; None when there is none.
    """
    profile = profile_table(warehouse, relation)
    key = find_key(profile, warehouse, relation, declared)
    shown = [column for column in key if not is_personal(column)]
    return {
        "name": table,
        **({"meta": {"keys": shown}} if shown else {}),
        "expectations": [
            *_of_table(profile),
            *_of_key(key, profile),
            *_of_columns(key, profile),
        ],
    }


def suite_text(suite: dict[str, Any]) -> str:
    """A suite as its file: one expectation a line, so that a change is a line in a diff."""
    head = [
        f"  {json.dumps(name)}: {_json(value)},\n"
        for name, value in suite.items()
        if name != "expectations"
    ]
    lines = ",\n".join(f"    {_json(expectation)}" for expectation in suite["expectations"])
    return "{\n" + "".join(head) + '  "expectations": [\n' + lines + "\n  ]\n}\n"


def find_key(
    profile: TableProfile, warehouse: Warehouse, relation: str, declared: DeclaredTable | None
) -> list[str]:
    """The columns that name a row: those that dbt tests, else what turns out unique; may be none.

    Only what holds in the table is taken, so a key that is tested and broken is left out.
    """
    names = [column.name for column in profile.columns]
    for tested in declared.keys if declared else []:
        if set(tested) <= set(names) and is_unique(warehouse, relation, tested):
            return tested
    full = [column for column in profile.columns if column.filled == profile.rows]
    candidates = [c.name for c in full if KEY_LIKE.search(c.name) and not is_personal(c.name)]
    if profile.rows < 2:
        return []  # one row is unique in every column
    for size in range(1, MOST_KEY_COLUMNS + 1):
        for key in map(list, combinations(candidates, size)):
            is_id = any(ID_LIKE.search(name) for name in key)
            if is_id and is_unique(warehouse, relation, key):
                return key
    return []


def _of_table(profile: TableProfile) -> list[Expectation]:
    columns = [column.name for column in profile.columns]
    expectations = [
        _expectation(
            "expect_table_columns_to_match_set", "critical", column_set=columns, exact_match=False
        )
    ]
    if profile.rows:
        least, most = (
            _two_digits(profile.rows / 2, up=False),
            _two_digits(2 * profile.rows, up=True),
        )
        expectations.append(
            _expectation(
                "expect_table_row_count_to_be_between",
                "warning",
                min_value=max(1, least),
                max_value=most,
            )
        )
    return expectations


def _of_key(key: list[str], profile: TableProfile) -> list[Expectation]:
    filled = {column.name: column.filled for column in profile.columns}
    expectations = [
        _expectation("expect_column_values_to_not_be_null", "critical", column=column)
        for column in key
        if filled[column] == profile.rows
    ]
    if len(key) == 1:
        expectations.append(
            _expectation("expect_column_values_to_be_unique", "critical", column=key[0])
        )
    elif key:
        expectations.append(
            _expectation("expect_compound_columns_to_be_unique", "critical", column_list=key)
        )
    return expectations


def _of_columns(key: list[str], profile: TableProfile) -> list[Expectation]:
    if not profile.rows:
        return []
    expectations: list[Expectation] = []
    seen_gaps: set[int] = set()
    for column in _heads_of_families(profile.columns):
        gaps = profile.rows - column.filled
        if column.name not in key and gaps not in seen_gaps:
            # columns that are empty in equally many rows are so for one reason
            seen_gaps |= {gaps} if gaps else set()
            expectations += _of_gaps(column, profile.rows)
        if column.name not in key and not ID_LIKE.search(column.name):
            expectations += _of_range(column)
        if column.values and not TECHNICAL.search(column.name):
            expectations.append(
                _expectation(
                    "expect_column_values_to_be_in_set",
                    "warning",
                    column=column.name,
                    value_set=list(column.values),
                )
            )
    return expectations


def _heads_of_families(columns: list[ColumnProfile]) -> list[ColumnProfile]:
    """The columns without the shorter windows of a family: the longest one bounds them."""
    longest: dict[tuple[str, str], int] = {}
    for column in columns:
        if member := FAMILY.match(column.name):
            family = (member["stem"], member["rest"] or "")
            longest[family] = max(longest.get(family, 0), int(member["days"]))
    return [
        column
        for column in columns
        if not (member := FAMILY.match(column.name))
        or int(member["days"]) == longest[member["stem"], member["rest"] or ""]
    ]


def _of_gaps(column: ColumnProfile, rows: int) -> list[Expectation]:
    """That a column stays about as filled as it is; nothing for one that is mostly empty."""
    type_, name = "expect_column_values_to_not_be_null", column.name
    if column.filled == rows:
        return [_expectation(type_, "warning", column=name)]
    share = column.filled / rows
    if share < 0.5:
        return []
    # twice as many gaps, and at least five rows in a hundred more
    mostly = math.floor(100 * (share - max(1 - share, 0.05) * 0.999999)) / 100
    return [_expectation(type_, "warning", column=name, mostly=max(mostly, 0.3))]


def _of_range(column: ColumnProfile) -> list[Expectation]:
    """What a column's numbers may be: what can't be otherwise, and far outside of what they are."""
    least, most = column.least, column.most
    if least is None or most is None:
        return []
    type_, name = "expect_column_values_to_be_between", column.name
    closed = _closed_range(column, least, most)
    if closed:
        return [
            _expectation(type_, "critical", column=name, min_value=closed[0], max_value=closed[1])
        ]
    if least >= 0:
        above = [_expectation(type_, "warning", column=name, max_value=_outward(most))]
        return [
            _expectation(type_, "critical", column=name, min_value=0),
            *(above if most else []),
        ]
    return [
        _expectation(
            type_, "warning", column=name, min_value=-_outward(-least), max_value=_outward(most)
        )
    ]


def _closed_range(column: ColumnProfile, least: float, most: float) -> tuple[int, int] | None:
    """The range that a column has by what it is: a share, a percentage or a grade."""
    if least < 0:
        return None
    if column.is_whole:
        top = next((top for top in (1, 5, 10) if most <= top), None)
        is_grade = top is not None and most > 0 and GRADES.search(column.name)
        return (min(int(least), 0 if top == 1 else 1), top) if top and is_grade else None
    if SHARES.search(column.name) and most <= 1:
        return 0, 1
    return (0, 100) if PERCENTAGES.search(column.name) and most <= 100 else None


def _outward(number: float) -> float:
    """1, 2 or 5 and zeros: the next at least twice a number; the same below for one below 0."""
    if number <= 0:
        return 0 if number == 0 else -_inward(-number)
    power = 10.0 ** math.floor(math.log10(2 * number))
    bound = next(step * power for step in (1, 2, 5, 10) if step * power >= 2 * number * 0.999999)
    return _plain(bound)


def _inward(number: float) -> float:
    """1, 2 or 5 and zeros: the next at most half a number above 0."""
    power = 10.0 ** math.floor(math.log10(number / 2))
    bound = max(step * power for step in (1, 2, 5) if step * power <= number / 2 * 1.000001)
    return _plain(bound)


def _two_digits(number: float, up: bool) -> int:
    """A count of two digits and zeros, rounded up or down."""
    power = 10 ** max(0, math.floor(math.log10(number)) - 1) if number >= 1 else 1
    return (math.ceil if up else math.floor)(number / power) * power


def _plain(number: float) -> float:
    """A number as JSON shows it best: whole, or with the digits that it has."""
    rounded = float(f"{number:.6g}")
    return int(rounded) if rounded.is_integer() else rounded


def _expectation(type_: str, severity: str, **kwargs: Any) -> Expectation:
    return {"type": type_, "kwargs": kwargs, "severity": severity}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
