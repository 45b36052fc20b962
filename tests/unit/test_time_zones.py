"""Local clocks in SQL are those of Python's zoneinfo, to the second around each change of them.

Both bring the IANA list along, each an edition of its own, so years are asked for whose rules no
later edition changed.
"""

import csv
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import duckdb
import pytest

from tests.cross_db import rendered
from tests.structure.project import ROOT

FIRST, LAST = datetime(2000, 1, 1), datetime(2021, 12, 31)

CHANGING = [
    "Europe/Berlin",
    "Europe/Lisbon",
    "Europe/Dublin",  # winter is the time that is set, summer the standard
    "Europe/Istanbul",  # stayed on summer time in 2016
    "Europe/Moscow",  # forwards for good in 2011, back in 2014
    "America/New_York",
    "America/St_Johns",  # half an hour off; changed at a minute past midnight
    "America/Sao_Paulo",  # days began at one, until 2019
    "America/Caracas",  # half an hour back in 2007, forwards in 2016
    "Asia/Beirut",  # days begin at one
    "Asia/Kathmandu",  # three quarters
    "Asia/Pyongyang",  # half an hour back in 2015, forwards in 2018
    "Australia/Lord_Howe",  # summer is half an hour
    "Australia/Sydney",
    "Pacific/Apia",  # had no 30 December 2011
    "Pacific/Chatham",
]

with (ROOT / "seeds" / "time_zones.csv").open(encoding="utf-8") as seed:
    ZONES = [row["time_zone"] for row in csv.DictReader(seed)]


def local(moment: datetime, zone: str) -> datetime:
    """The wall clock by Python."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def shift(moment: datetime, zone: str) -> timedelta:
    return local(moment, zone) - moment


@cache
def changes(zone: str) -> list[datetime]:
    """The first seconds at which clocks show another distance from UTC."""
    found, start = [], FIRST
    while start < LAST:
        before, after = start, start + timedelta(days=7)
        start = after
        while shift(before, zone) != shift(after, zone) and after - before > timedelta(seconds=1):
            middle = before + (after - before) // 2
            middle -= timedelta(microseconds=middle.microsecond)
            if shift(middle, zone) == shift(before, zone):
                before = middle
            else:
                after = middle
        if after < start:
            found.append(after)
    return found


def around(zone: str) -> list[datetime]:
    """Each change, a second before it, and the hours beside it."""
    steps = [timedelta(seconds=-1), timedelta(0), timedelta(seconds=1)]
    steps += [timedelta(hours=hours) for hours in (-2, -1, 1, 2)]
    return [moment + step for moment in changes(zone) for step in steps]


@pytest.fixture(scope="module")
def warehouse() -> duckdb.DuckDBPyConnection:
    """A session in a zone that must change nothing."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'Pacific/Auckland'").fetchall()
    return connection


def by_sql(
    warehouse: duckdb.DuckDBPyConnection, sql: str, moments: list[datetime], zone: str | None
) -> list[datetime]:
    """An expression of the columns occurred_at and time_zone, for each moment."""
    rows = warehouse.execute(
        f"select {sql} from (select unnest($1::timestamp[]) as occurred_at, $2 as time_zone)",
        [moments, zone],
    ).fetchall()
    return [found for (found,) in rows]


LOCAL_TIME = rendered("duckdb", "local_time", "occurred_at", "time_zone")


@pytest.mark.parametrize("zone", CHANGING)
def test_local_clocks_around_their_changes(warehouse: duckdb.DuckDBPyConnection, zone: str) -> None:
    moments = around(zone)
    found = by_sql(warehouse, LOCAL_TIME, moments, zone)
    assert found == [local(moment, zone) for moment in moments]


@pytest.mark.parametrize("zone", CHANGING)
def test_there_is_something_to_see(zone: str) -> None:
    assert zone == "Asia/Kathmandu" or changes(zone)


def test_every_zone_of_the_seed_is_known(warehouse: duckdb.DuckDBPyConnection) -> None:
    moments = [datetime(2021, 1, 15, 12), datetime(2021, 7, 15, 12)]
    for zone in ZONES:
        found = by_sql(warehouse, LOCAL_TIME, moments, zone)
        assert found == [local(moment, zone) for moment in moments], zone


def test_without_a_zone_it_is_utc(warehouse: duckdb.DuckDBPyConnection) -> None:
    moments = [datetime(2021, 3, 28, 1, 30), datetime(2024, 2, 29, 23, 59, 59, 999_999)]
    assert by_sql(warehouse, LOCAL_TIME, moments, None) == moments


@pytest.mark.parametrize("zone", CHANGING)
def test_utc_is_the_way_back(warehouse: duckdb.DuckDBPyConnection, zone: str) -> None:
    """An hour that comes twice is taken for the second one, one that never comes as if it did."""
    clocks = {local(moment, zone) for moment in around(zone)}
    clocks |= {moment + shift(moment - timedelta(days=1), zone) for moment in changes(zone)}
    sql = rendered("duckdb", "utc", "occurred_at", zone)
    found = by_sql(warehouse, sql, sorted(clocks), None)
    expected = []
    for clock in sorted(clocks):
        first, second = (
            clock.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC).replace(tzinfo=None)
            for fold in (0, 1)
        )
        expected.append(second if local(second, zone) == clock else first)
    assert found == expected
