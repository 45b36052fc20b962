"""What is wrong with a suite before any data is looked at, line by line."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from regulars.errors import UserError
from regulars.gates.expectation_models import BESIDE_KWARGS, ExpectationModels
from regulars.gates.personal import is_personal
from regulars.gates.positions import Path, find_positions
from regulars.gates.suggestion import did_you_mean
from regulars.gates.suites import parse_suite, suite_place
from regulars.gates.warehouse import Warehouse
from regulars.gates.wording import COLUMN_ARGUMENTS

OF_A_SUITE = ("name", "meta", "expectations", "notes", "id", "suite_parameters")
OF_AN_EXPECTATION = ("type", "kwargs", "severity", "meta", "notes", "description", "id")
OURS_IN_META = ("keys", "shows_values")

# expectations that compute with a column's values
ON_NUMBERS = re.compile(
    r"expect_column_((max|mean|median|min|stdev|sum)_to_be_between|quantile_values_to_be_between"
    r"|values_to_be_between|value_z_scores_to_be_less_than|values_to_not_be_outliers)"
)

# where in a suite something is wrong, and what
Found = Iterator[tuple[Path, str]]


@dataclass(frozen=True)
class KnownTable:
    """What a suite's columns are held against.

    Attributes:
        name: the table's name.
        columns: its columns and their types; a type is empty where it isn't known.
        relation: its full name in the warehouse; None when it isn't built.
        unbuilt: columns that its model declares and the built table lacks.
    """

    name: str
    columns: Mapping[str, str]
    relation: str | None = None
    unbuilt: frozenset[str] = field(default_factory=frozenset)

    def why_not(self, column: str) -> str | None:
        """Why an expectation can't be about a column; None when it can."""
        if column in self.columns:
            return None
        if column in self.unbuilt:
            return f'"{column}" is declared but not built yet: regulars build first'
        return f'{self.name} has no column "{column}"{did_you_mean(column, self.columns)}'


@dataclass(frozen=True)
class SuiteJudge:
    """Judges suites by what Great Expectations, the warehouse and the models' YAML say.

    Attributes:
        models: Great Expectations' own models of its expectations.
        without_sql: expectations that don't run inside the warehouse, and what a query would say.
        warehouse: the built tables; None when they can't be read.
    """

    models: ExpectationModels
    without_sql: Mapping[str, str]
    warehouse: Warehouse | None = None

    def problems(self, table: str, text: str, known: KnownTable | None) -> list[str]:
        """All that is wrong with a suite, as expectations/<table>.json:<line>: <what>.

        Args:
            table: the name of the suite's file.
            text: the file's text.
            known: the table that it is about; None when there is no such table.
        """
        try:
            suite = parse_suite(table, text)
        except UserError as error:
            return [str(error)]
        positions = find_positions(text)
        found = [
            *((path, f'"{path[-1]}" stands here twice') for path in positions.repeated),
            *self._of_suite(table, suite, known),
        ]
        placed = sorted((positions.line(path), what) for path, what in found)
        return [f"{suite_place(table, line)}: {what}." for line, what in dict.fromkeys(placed)]

    def _of_suite(self, table: str, suite: Any, known: KnownTable | None) -> Found:
        if not isinstance(suite, dict):
            yield (), f'it must be an object with "name": "{table}" and "expectations"'
            return
        if suite.get("name") != table:
            yield ("name",), f'"name" must be "{table}", as the file is named'
        yield from _unknown_names(suite, OF_A_SUITE, ())
        yield from _of_meta(suite.get("meta"), known)
        expectations = suite.get("expectations")
        if not isinstance(expectations, list) or not expectations:
            yield ("expectations",), 'it needs a list of "expectations"'
            return
        seen: dict[str, int] = {}
        for number, expectation in enumerate(expectations):
            path: Path = ("expectations", number)
            yield from self._of_expectation(path, expectation, known)
            if isinstance(expectation, dict):
                same = json.dumps([expectation.get("type"), expectation.get("kwargs")])
                if seen.setdefault(same, number) != number:
                    yield path, f"it expects the same as expectation {seen[same] + 1}"

    def _of_expectation(self, path: Path, expectation: Any, known: KnownTable | None) -> Found:
        if not isinstance(expectation, dict):
            yield path, 'an expectation must be an object with "type" and "kwargs"'
            return
        yield from _unknown_names(expectation, OF_AN_EXPECTATION, path)
        type_, kwargs = expectation.get("type"), expectation.get("kwargs")
        if not isinstance(type_, str):
            yield (*path, "type"), 'it needs a "type", such as "expect_column_values_to_be_unique"'
            return
        if type_ not in self.models.types:
            snake = re.sub(r"(?<!^)(?=[A-Z])", "_", type_).lower()
            guess = did_you_mean(snake, self.models.types)
            yield (*path, "type"), f'there is no expectation "{type_}"{guess}'
            return
        if not isinstance(kwargs, dict):
            yield (*path, "kwargs"), f'{type_} needs "kwargs", an object of its arguments'
            return
        yield from self._by_its_model(path, expectation)
        yield from self._by_the_warehouse(path, type_, kwargs, known)
        yield from _by_sense(path, type_, kwargs)
        yield from _by_columns((*path, "kwargs"), kwargs, known)

    def _by_its_model(self, path: Path, expectation: dict[str, Any]) -> Found:
        """What Great Expectations itself has against an expectation."""
        type_, kwargs = expectation["type"], expectation["kwargs"]
        for name in kwargs:
            if name in BESIDE_KWARGS:
                yield (*path, "kwargs", name), f'"{name}" stands beside "kwargs", not in it'
        for argument, complaint in self.models.complaints(expectation):
            if argument is None:
                yield path, f"{type_}: {complaint}"
                continue
            where = (*path, "kwargs", argument) if argument in kwargs else (*path, argument)
            if complaint == "extra fields not permitted":
                guess = did_you_mean(argument, self.models.arguments(type_))
                yield where, f'{type_} takes no "{argument}"{guess}'
            else:
                yield where, f'{type_}: "{argument}" {_complaint(complaint)}'

    def _by_the_warehouse(
        self, path: Path, type_: str, kwargs: dict[str, Any], known: KnownTable | None
    ) -> Found:
        """What would fail when the gate runs the expectation inside the warehouse."""
        if type_ in self.without_sql:
            instead = f"select * from {{batch}} where {self.without_sql[type_]}"
            yield (
                (*path, "type"),
                f"{type_} can't be run inside the warehouse: use unexpected_rows_expectation"
                f' with "unexpected_rows_query": "{instead}"',
            )
        if type_ == "expect_column_values_to_not_be_outliers" and kwargs.get("method") != "std":
            yield path, f'{type_} needs "method": "std" inside the warehouse'
        condition = kwargs.get("row_condition")
        if isinstance(condition, str) and kwargs.get("condition_parser") != "great_expectations":
            yield (
                (*path, "kwargs", "row_condition"),
                'a condition in text needs "condition_parser": "great_expectations" and the form'
                ' col("amount") > 0',
            )
        for name, value in kwargs.items():
            if isinstance(value, dict) and "$PARAMETER" in value:
                yield (*path, "kwargs", name), f'a gate has no parameters: write "{name}" out'
        query = kwargs.get("unexpected_rows_query")
        if isinstance(query, str):
            why_not = self._why_not(query, known)
            if why_not:
                yield (*path, "kwargs", "unexpected_rows_query"), why_not
        column = kwargs.get("column")
        if known and isinstance(column, str) and ON_NUMBERS.fullmatch(type_):
            kind = known.columns.get(column, "")
            if kind in ("VARCHAR", "BOOLEAN"):
                yield (*path, "kwargs", "column"), f"{column} is {kind}, not a number"

    def _why_not(self, query: str, known: KnownTable | None) -> str | None:
        """Why a query of unexpected rows would fail; None when it runs or can't be tried."""
        relation = known.relation if known and known.relation else "t"
        # as Great Expectations puts it: who joins names the table himself
        alias = "" if re.search(r"\bjoin\b", query, re.IGNORECASE) else " as subselect"
        try:
            sql = query.format(batch=f"(select * from {relation} where true){alias}")
        except ValueError:
            return None  # an unpaired brace: the expectation's model has said so
        except (KeyError, IndexError):
            return "write braces of the query twice, {{ and }}: only {batch} is filled in"
        if sql == query:
            return "the query must read from {batch}, which stands for the table"
        if self.warehouse is None or known is None or known.relation is None:
            return None
        why_not = self.warehouse.why_not(sql)
        return f"the query can't be run: {why_not}" if why_not else None


def _unknown_names(content: dict[str, Any], known: tuple[str, ...], path: Path) -> Found:
    for name in content:
        if name not in known:
            yield (*path, name), f'"{name}" means nothing here{did_you_mean(name, known)}'


def _of_meta(meta: Any, known: KnownTable | None) -> Found:
    if meta is None:
        return
    if not isinstance(meta, dict):
        yield ("meta",), '"meta" must be an object, such as {"keys": ["customer_id"]}'
        return
    for name in meta:
        guess = did_you_mean(name, OURS_IN_META)
        if guess and name not in OURS_IN_META:
            yield ("meta", name), f'"{name}" means nothing here{guess}'
    if not isinstance(meta.get("shows_values", False), bool):
        yield ("meta", "shows_values"), '"shows_values" must be true or false'
    keys = meta.get("keys", [])
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        yield ("meta", "keys"), '"keys" must be a list of columns'
        return
    for number, key in enumerate(keys):
        why_not = known.why_not(key) if known else None
        if why_not:
            yield ("meta", "keys", number), why_not
        elif is_personal(key):
            yield (
                ("meta", "keys", number),
                f'"{key}" may be personal, and keys are shown in results: use an id',
            )


def _by_sense(path: Path, type_: str, kwargs: dict[str, Any]) -> Found:
    """What nothing could ever pass."""
    least: Any = kwargs.get("min_value")
    most: Any = kwargs.get("max_value")
    numbers = isinstance(least, int | float) and isinstance(most, int | float)
    days = isinstance(least, str) and isinstance(most, str)
    if (numbers or days) and least > most:
        where: Path = (*path, "kwargs", "min_value")
        yield where, f"{type_}: min_value {least} is above max_value {most}"
    for name in ("value_set", "column_list", "column_set"):
        if kwargs.get(name) == []:
            yield (*path, "kwargs", name), f'{type_}: "{name}" is empty'


def _by_columns(path: Path, kwargs: dict[str, Any], known: KnownTable | None) -> Found:
    if known is None:
        return
    named: list[tuple[Path, Any]] = []
    for argument in COLUMN_ARGUMENTS:
        value = kwargs.get(argument)
        if isinstance(value, list):
            named += [((*path, argument, number), column) for number, column in enumerate(value)]
        else:
            named.append(((*path, argument), value))
    named += [((*path, "row_condition"), c) for c in _of_condition(kwargs.get("row_condition"))]
    for where, column in named:
        why_not = known.why_not(column) if isinstance(column, str) else None
        if why_not:
            yield where, why_not


def _of_condition(condition: Any) -> list[str]:
    """The columns of a row condition."""
    if isinstance(condition, str):
        return re.findall(r"col\(['\"](.+?)['\"]\)", condition)
    if not isinstance(condition, dict):
        return []
    parts = [column for part in condition.get("conditions", []) for column in _of_condition(part)]
    column = condition.get("column")
    return parts + ([column["name"]] if isinstance(column, dict) and "name" in column else [])


def _complaint(complaint: str) -> str:
    """Great Expectations' words as what follows an argument's name."""
    if complaint.startswith("is "):
        return complaint
    return (
        re.sub(r"^value is not\b", "is not", complaint)
        if complaint.startswith("value is not")
        else f"is wrong: {complaint}"
    )
