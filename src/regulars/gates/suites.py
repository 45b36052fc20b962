"""The suites in expectations/: one JSON file per gated table, in Great Expectations' own form."""

import json
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


def read_suite(table: str) -> dict[str, Any]:
    """The suite of a table, as Great Expectations keeps it: name, expectations, meta.

    `meta` may hold two things of ours: `keys`, the columns that name a failing row, and
    `shows_values`, for tables of figures whose failing values may be shown beside the keys.

    Raises:
        UserError: when the file is missing, isn't JSON, or isn't the table's; names file and line.
    """
    file = suite_file(table)
    try:
        suite = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{file} can't be read ({error.strerror}): a gate needs it.") from error
    except json.JSONDecodeError as error:
        raise UserError(f"{file}, line {error.lineno}: {error.msg}.") from error
    if not isinstance(suite, dict) or suite.get("name") != table:
        raise UserError(f"{file}, line 1: it must be an object with \"name\": \"{table}\".")
    if not isinstance(suite.get("expectations"), list) or not suite["expectations"]:
        raise UserError(f"{file}, line 1: it has no list of \"expectations\".")
    return suite
