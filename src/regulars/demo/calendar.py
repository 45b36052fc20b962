"""When the world begins, where its clock stands, and when in it things tend to happen."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

DAY = 86_400
HOUR = 3_600
YEAR = 365.25
# the last whole day of a new world; `demo advance` moves it
LAST_DAY = date(2026, 6, 30)
# everything that happened until then is loaded at this hour of every morning (UTC)
LOAD_HOUR = 10
# lives go on for so long behind the clock, for `demo advance` to tell
DAYS_TO_COME = 365
TIME_ZONE = "Europe/Berlin"

# Monday … Sunday, and the hours 0 … 23 UTC
_WEEKDAYS = (1.02, 0.94, 0.93, 0.96, 0.98, 1.02, 1.18)
_HOURS = (3, 2, 1, 1, 2, 5, 10, 16, 22, 26, 28, 30, 30, 28, 27, 28, 31, 36, 42, 44, 36, 22, 11, 5)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Calendar:
    """The world's time: seconds since 1970 (UTC), and *busy days*.

    A busy day is as much business as an average day brings: November has more of
    them than February. Things that happen evenly in busy days follow the seasons.
    """

    start: int
    end: int  # where the clock of a new world stands
    horizon: int  # where lives end
    knots: Floats  # (hours + 1,) seconds
    busy: Floats  # (hours + 1,) busy days from start to each knot
    summer_time: Ints  # (hours + 1,) seconds that the wall clock is ahead of UTC

    def busy_days(self, at: Floats | Ints) -> Floats:
        """Busy days from the start to each moment (seconds); 0 before it."""
        return np.interp(at, self.knots, self.busy)

    def moments(self, busy_days: Floats) -> Ints:
        """The whole second at which so many busy days have passed."""
        seconds = np.interp(busy_days, self.busy, self.knots)
        return np.minimum(np.floor(seconds).astype(np.int64), self.horizon - 1)

    def opening_hours(self, at: Ints) -> Ints:
        """The same day at an hour when stores are open: 8 to 18 UTC."""
        second = at % DAY
        opened: Ints = at - second + 8 * HOUR + second * 10 // 24
        return opened

    def wall_clock(self, at: Ints) -> Ints:
        """What a clock on the wall shows at each moment, as seconds since 1970 there."""
        hour = np.clip((at - self.start) // HOUR, 0, len(self.summer_time) - 1)
        return at + self.summer_time[hour]

    def loaded_at(self, at: Ints, late_days: Ints | int = 0) -> Ints:
        """The morning that brings what happened at each moment, at the earliest the first one."""
        first = self.start + LOAD_HOUR * HOUR
        morning: Ints = (at - LOAD_HOUR * HOUR) // DAY * DAY + DAY + LOAD_HOUR * HOUR
        morning = np.maximum(morning, first)
        morning += np.asarray(late_days) * DAY
        return morning

    def is_november(self, at: Ints) -> Bools:
        """True for moments in a November, when the shop marks down."""
        found: Bools = month(at) % 12 == 10
        return found

    def day_factors(self) -> tuple[Ints, Floats]:
        """Every day (since 1970) until the horizon, and its busy days."""
        days = np.arange(self.start // DAY, self.horizon // DAY, dtype=np.int64)
        return days, self.busy_days((days + 1) * DAY) - self.busy_days(days * DAY)


def month(at: Ints) -> Ints:
    """Months since January 1970 of each moment."""
    months: Ints = at.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    return months


def make_calendar(years: int, months: tuple[float, ...]) -> Calendar:
    """The calendar of a world that began `years` before the day after LAST_DAY.

    Args:
        years: how many years lie between the start and the clock.
        months: how busy January … December are.
    """
    after = datetime(LAST_DAY.year, 7, 1, tzinfo=UTC)
    start = int(after.replace(year=after.year - years).timestamp())
    end = int(after.timestamp()) + LOAD_HOUR * HOUR
    horizon = end + DAYS_TO_COME * DAY
    knots = np.arange(start, horizon + HOUR, HOUR, dtype=np.int64)
    weekdays = (knots[:-1] // DAY + 3) % 7  # 1970-01-01 was a Thursday
    weight = (
        np.array(months)[month(knots[:-1]) % 12]
        * np.array(_WEEKDAYS)[weekdays]
        * np.array(_HOURS, dtype=np.float64)[knots[:-1] // HOUR % 24]
    )
    passed = np.concatenate(([0.0], np.cumsum(weight)))
    average_day = passed[-1] / ((horizon - start) / DAY)
    zone = ZoneInfo(TIME_ZONE)
    ahead = [datetime.fromtimestamp(at, zone).utcoffset() for at in knots.tolist()]
    seconds = np.array([0 if one is None else int(one.total_seconds()) for one in ahead])
    return Calendar(start, end, horizon, knots.astype(np.float64), passed / average_day, seconds)
