"""The suites in expectations/: one JSON file per gated table, in Great Expectations' own form."""

import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from regulars.errors import UserError
from regulars.project import project_folder


def suites_folder() -> Path:
    """Where the suites are."""
    return project_folder() / "expectations"


def suite_file(table: str) -> Path:
    """The file of a table's suite."""
    return suites_folder() / f"{table}.json"


def suite_place(table: str, line: int | None = None) -> str:
    """A place in a suite's file as it is named to people: expectations/customers.json:12."""
    return f"expectations/{table}.json" + (f":{line}" if line else "")


def suite_names() -> list[str]:
    """The tables that have a suite, in order of their names."""
    return sorted(file.stem for file in suites_folder().glob("*.json"))


def read_suite_text(table: str) -> str:
    """The text of a table's suite.

    Raises:
        UserError: when the file is missing or isn't text.
    """
    try:
        return _suite_source(table).read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"{suite_place(table)} can't be read ({error.strerror}): a gate needs it."
        ) from error
    except UnicodeDecodeError as error:
        raise UserError(
            f"{suite_place(table, 1)}: it is no UTF-8 text (byte {error.start}): save it as such."
        ) from error


def _suite_source(table: str) -> Traversable:
    """A suite's file: in a warehouse it comes with the package, which has the project's there."""
    packaged = files("regulars") / "expectations" / f"{table}.json"
    return packaged if packaged.is_file() else suite_file(table)


def parse_suite(table: str, text: str) -> Any:
    """What the text of a table's suite holds.

    Raises:
        UserError: when it isn't JSON; names file and line.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(f"{suite_place(table, error.lineno)}: {error.msg}.") from error
    except RecursionError as error:
        raise UserError(f"{suite_place(table, 1)}: it is nested too deeply.") from error


def read_suite(table: str) -> dict[str, Any]:
    """The suite of a table, as Great Expectations keeps it: name, expectations, meta.

    `meta` may hold two things of ours: `keys`, the columns that name a failing row, and
    `shows_values`, for tables of figures whose failing values may be shown beside the keys.

    Raises:
        UserError: when the file is missing, isn't JSON, or isn't the table's; names file and line.
    """
    suite = parse_suite(table, read_suite_text(table))
    if not isinstance(suite, dict) or suite.get("name") != table:
        raise UserError(f'{suite_place(table, 1)}: it must be an object with "name": "{table}".')
    if not isinstance(suite.get("expectations"), list) or not suite["expectations"]:
        raise UserError(f'{suite_place(table, 1)}: it has no list of "expectations".')
    return suite
