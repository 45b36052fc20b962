"""What an expectation expects and found, in the words of a person who is called at night."""

import json
from datetime import datetime
from typing import Any

from regulars.gates.personal import is_personal

COLUMN_ARGUMENTS = ("column", "column_A", "column_B", "column_list", "column_set")

# how many values, columns or letters of a query a text shows
MOST_SHOWN = 12
LONGEST_QUERY = 160

# expectations whose type says it all
SAID_BY_TYPE = {
    "expect_column_values_to_not_be_null": "present",
    "expect_column_values_to_be_null": "empty",
    "expect_column_values_to_be_unique": "unique",
    "expect_compound_columns_to_be_unique": "unique together",
    "expect_select_column_values_to_be_unique_within_record": "different within a row",
    "expect_multicolumn_values_to_be_equal": "equal within a row",
    "expect_column_to_exist": "there",
}
# what stands before an expectation's list of values
BEFORE_VALUES = {
    "expect_column_values_to_not_be_in_set": "none of",
    "expect_column_distinct_values_to_be_in_set": "only",
    "expect_column_distinct_values_to_contain_set": "all of",
    "expect_column_distinct_values_to_equal_set": "exactly",
}
# arguments that change how an expectation is run, not what it expects
UNSAID = {"condition_parser", "ignore_row_if", "batch_id"}
# what these find are types, counts or shares, which tell of nobody
IMPERSONAL = ("_type", "count", "proportion", "lengths")


def limits_of(type_: str, arguments: dict[str, Any], description: str | None = None) -> str | None:
    """What an expectation expects: 'at most 0.2, for 99% of rows'.

    Args:
        type_: the expectation's name, as expect_column_max_to_be_between.
        arguments: its kwargs.
        description: the suite's own words for it, which go first; they stand for a query.
    """
    if description and type_ != "unexpected_rows_expectation":
        limits = limits_of(type_, arguments)
        return f"{description} ({limits})" if limits else description
    if description:
        return description
    rest = {k: v for k, v in arguments.items() if v is not None and k not in UNSAID}
    mostly, where = rest.pop("mostly", 1), rest.pop("row_condition", None)
    said = [
        *_by_type(type_, rest),
        *_between(rest),
        *(
            f"{name} {json.dumps(value, default=str, ensure_ascii=False)}"
            for name, value in sorted(rest.items())
            if name not in COLUMN_ARGUMENTS and value is not False
        ),
    ]
    if mostly != 1:
        said.append(f"for {number(100 * mostly)}% of rows")
    if where:
        said.append(f"where {condition_text(where)}")
    return ", ".join(said) or None


def observed_of(
    type_: str, found: dict[str, Any], arguments: dict[str, Any], is_met: bool, shows_values: bool
) -> str:
    """What an expectation found: '3 of 2,064 rows fail (0.15%)', or its figure.

    Args:
        type_: the expectation's name.
        found: the `result` of Great Expectations' result.
        arguments: the expectation's kwargs.
        is_met: whether it is met, for expectations that find nothing else.
        shows_values: whether the suite says that its table's values may be shown.
    """
    value, columns = found.get("observed_value"), columns_of(arguments)
    if "unexpected_count" in found and "element_count" in found:
        said = _rows(type_, found["unexpected_count"], found["element_count"])
    elif type_.startswith("expect_table_columns_"):
        said = _columns(found, bool(arguments.get("exact_match", True)))
    elif type_ == "unexpected_rows_expectation":
        said = "no rows" if not value else f"{number(value)} {'row' if value == 1 else 'rows'}"
    elif type_ == "expect_column_to_exist":
        said = "there" if is_met else "not there"
    elif value is None:
        said = _sets(found) or ("as expected" if is_met else "not as expected")
    elif is_shown(type_, value, columns, shows_values):
        said = _value(value)
    else:
        said = f"not shown: values of {', '.join(columns)}"
    return said


def is_shown(type_: str, value: Any, columns: list[str], shows_values: bool) -> bool:
    """Whether what was found may be kept: a figure, or a day; text only where the suite says so."""
    if not columns or any(part in type_ for part in IMPERSONAL):
        return True
    if any(is_personal(column) for column in columns):
        return False
    return shows_values or not _holds_text(value)


def columns_of(arguments: dict[str, Any]) -> list[str]:
    """The columns that an expectation on rows or columns is about; none for one on a table."""
    if "column_set" in arguments:
        return []
    named = [arguments[name] for name in COLUMN_ARGUMENTS if arguments.get(name)]
    return [column for part in named for column in ([part] if isinstance(part, str) else part)]


def number(value: float) -> str:
    """A number as a person writes it: 2,064 for 2064.0, 0.0303 for 0.0303030303."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return f"{int(value):,}"
    return f"{value:,.2f}" if 1e4 <= abs(value) < 1e15 else f"{value:,.6g}"


def condition_text(condition: Any) -> str:
    """Great Expectations' row condition, as text or as an object, in one line."""
    if not isinstance(condition, dict):
        return str(condition)
    if "conditions" in condition:
        return f" {condition['type']} ".join(map(condition_text, condition["conditions"]))
    if condition.get("type") == "nullity":
        empty = "empty" if condition.get("is_null") else "present"
        return f"{condition['column']['name']} is {empty}"
    if condition.get("type") == "comparison":
        return f"{condition['column']['name']} {condition['operator']} {condition['parameter']}"
    return str(condition.get("pass_through_filter", condition))


def _by_type(type_: str, rest: dict[str, Any]) -> list[str]:
    """What a type says beyond its limits; takes what it says out of the arguments."""
    said = SAID_BY_TYPE.get(type_)
    if type_ == "expect_column_pair_values_a_to_be_greater_than_b":
        said = f"{'at least' if rest.pop('or_equal', False) else 'above'} {rest['column_B']}"
    elif type_ == "expect_column_pair_values_to_be_equal":
        said = f"equal to {rest['column_B']}"
    elif type_.startswith("expect_table_columns_"):
        columns = rest.get("column_set") or rest.get("column_list") or []
        only = "only " if rest.pop("exact_match", True) else ""
        ordered = " in this order" if "column_list" in rest else ""
        said = f"{only}the columns {_some(columns)}{ordered}"
    elif type_ == "unexpected_rows_expectation":
        query = " ".join(str(rest.pop("unexpected_rows_query", "")).split())
        said = f"no rows of: {query[:LONGEST_QUERY]}{'…' if len(query) > LONGEST_QUERY else ''}"
    elif "value_set" in rest:
        said = f"{BEFORE_VALUES.get(type_, 'one of')} {_some(rest.pop('value_set'))}"
    elif "value" in rest:
        said = f"exactly {_value(rest.pop('value'))}"
    elif "quantile_ranges" in rest:
        ranges = rest.pop("quantile_ranges")
        said = ", ".join(
            f"{number(100 * share)}%: {_value(least)} to {_value(most)}"
            for share, (least, most) in zip(
                ranges["quantiles"], ranges["value_ranges"], strict=False
            )
        )
    elif "type_" in rest:
        said = f"of type {rest.pop('type_')}"
    return [said] if said else []


def _between(rest: dict[str, Any]) -> list[str]:
    """The limits of an expectation that has a minimum or a maximum, taken out of the arguments."""
    least, most = rest.pop("min_value", None), rest.pop("max_value", None)
    above, below = rest.pop("strict_min", False), rest.pop("strict_max", False)
    if least is not None and least == most:
        return [f"exactly {_value(least)}"]
    said = []
    if least is not None:
        said.append(f"{'above' if above else 'at least'} {_value(least)}")
    if most is not None:
        said.append(f"{'below' if below else 'at most'} {_value(most)}")
    return said


def _rows(type_: str, failing: int, checked: int) -> str:
    if not checked:
        return "no rows"
    rows = "row" if checked == 1 else "rows"
    if not failing:
        return f"all {number(checked)} rows pass" if checked > 1 else "the only row passes"
    if type_ == "expect_column_values_to_not_be_null":
        verb = "is empty" if failing == 1 else "are empty"
    else:
        verb = "fails" if failing == 1 else "fail"
    share = 100 * failing / checked
    return f"{number(failing)} of {number(checked)} {rows} {verb} ({share:.3g}%)"


def _columns(found: dict[str, Any], is_exact: bool) -> str:
    mismatched = found.get("details", {}).get("mismatched")
    if isinstance(mismatched, list):  # of an ordered list
        place = mismatched[0]
        where = place.get("Expected Column Position", 0) + 1
        return f"column {where} is {place.get('Found')}, not {place.get('Expected')}"
    if not mismatched:
        return "all there"
    said = [f"missing: {_some(mismatched['missing'])}"] if mismatched.get("missing") else []
    if is_exact and mismatched.get("unexpected"):
        said.append(f"not expected: {_some(mismatched['unexpected'])}")
    return "; ".join(said) or "all there"


def _sets(found: dict[str, Any]) -> str:
    """What an expectation on the set of a column's values found, which names none of them."""
    missing, more = found.get("missing_count"), found.get("unexpected_count")
    said = [f"missing values: {number(missing)}"] if missing else []
    if more:
        said.append(f"other values: {number(more)}")
    return ", ".join(said)


def _value(value: Any) -> str:
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return _some(value)
    if isinstance(value, dict) and value.keys() == {"quantiles", "values"}:
        pairs = zip(value["quantiles"], value["values"], strict=True)
        return ", ".join(f"{number(100 * q)}%: {_value(v)}" for q, v in pairs)
    return json.dumps(value, default=str, ensure_ascii=False)


def _some(values: list[Any]) -> str:
    shown = ", ".join(str(value) for value in values[:MOST_SHOWN])
    return shown if len(values) <= MOST_SHOWN else f"{shown}, … ({len(values)} in all)"


def _holds_text(value: Any) -> bool:
    if isinstance(value, str):
        return not _is_day(value)
    if isinstance(value, dict):
        return any(_holds_text(part) for part in value.values())
    return isinstance(value, list) and any(_holds_text(part) for part in value)


def _is_day(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
