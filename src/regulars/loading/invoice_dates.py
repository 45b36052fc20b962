"""The two forms that invoice dates come in: ISO, and UCI's month/day/year."""

import duckdb

from regulars.errors import UserError

_ISO_PATTERN = r"^\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.0+)?)?)?$"
_TIMES = (" %H:%M", " %H:%M:%S", "")
_ISO = (
    f"case when regexp_matches(invoice_date, '{_ISO_PATTERN}') "
    "then try_cast(replace(invoice_date, 'T', ' ') as timestamp) end"
)


def _slashed(days: str) -> str:
    formats = ", ".join(f"'{days}{time}'" for time in _TIMES)
    return f"try_strptime(invoice_date, [{formats}])"


_MONTH_FIRST, _DAY_FIRST = _slashed("%m/%d/%Y"), _slashed("%d/%m/%Y")


def invoice_date_query(connection: duckdb.DuckDBPyConnection, query: str, label: str) -> str:
    """The query with invoice_date as 'YYYY-MM-DD HH:MM:SS', in the form of its first value.

    A later value that doesn't fit that form stays as it is, for quarantine.

    Raises:
        UserError: when the first value fits neither form, or days stand before months.
    """
    first = connection.execute(
        f"select invoice_date, {_ISO} is not null, {_MONTH_FIRST} is not null, "
        f"{_DAY_FIRST} is not null from ({query}) where invoice_date is not null limit 1"
    ).fetchall()
    moment = _ISO
    if first:
        [(value, is_iso, is_month_first, is_day_first)] = first
        if not is_iso and (is_month_first or is_day_first):
            _check_months_first(connection, query, label)
            moment = _MONTH_FIRST
        elif not is_iso:
            raise UserError(
                f"{label}: the date '{value}' is neither like 2009-12-01 07:45:00 "
                "nor like 12/1/2009 7:45 (month first)."
            )
    return (
        "select * replace (coalesce("
        f"strftime({moment}, '%Y-%m-%d %H:%M:%S'), invoice_date) as invoice_date) from ({query})"
    )


def _check_months_first(connection: duckdb.DuckDBPyConnection, query: str, label: str) -> None:
    """A file with days first would mostly parse, and be wrong: its days past 12 betray it."""
    [(month_first, day_first)] = connection.execute(
        f"select count({_MONTH_FIRST}), count({_DAY_FIRST}) from ({query})"
    ).fetchall()
    if day_first > month_first:
        raise UserError(f"{label}: its dates have the day before the month: write them as ISO.")
