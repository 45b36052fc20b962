"""When the world begins and ends, and when in it things tend to happen."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

DAY = 86_400
HOUR = 3_600
LAST_DAY = date(2026, 6, 30)
# the first hours of the next day are there, so that LAST_DAY is complete
HOURS_AFTER_LAST_DAY = 10

# January … December, Monday … Sunday, and the hours 0 … 23 UTC
_MONTHS = (0.92, 0.86, 0.92, 0.95, 0.98, 0.93, 0.88, 0.86, 0.96, 1.05, 1.45, 1.60)
_WEEKDAYS = (1.02, 0.94, 0.93, 0.96, 0.98, 1.02, 1.18)
_HOURS = (3, 2, 1, 1, 2, 5, 10, 16, 22, 26, 28, 30, 30, 28, 27, 28, 31, 36, 42, 44, 36, 22, 11, 5)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Calendar:
    """The world's time: seconds since 1970 (UTC), and *busy days*.

    A busy day is as much business as an average day brings: November has more of
    them than February. Things that happen evenly in busy days follow the seasons.
    """

    start: int
    end: int
    knots: Floats  # (hours + 1,) seconds
    busy: Floats  # (hours + 1,) busy days from start to each knot

    def busy_days(self, at: Floats | Ints) -> Floats:
        """Busy days from the start to each moment (seconds); 0 before it."""
        return np.interp(at, self.knots, self.busy)

    def moments(self, busy_days: Floats) -> Ints:
        """The whole second at which so many busy days have passed."""
        seconds = np.interp(busy_days, self.busy, self.knots)
        return np.minimum(np.floor(seconds).astype(np.int64), self.end - 1)

    def is_november(self, at: Ints) -> NDArray[np.bool_]:
        """True for moments in a November, when the shop marks down."""
        months: Ints = at.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
        found: NDArray[np.bool_] = months % 12 == 10
        return found


def make_calendar(years: int) -> Calendar:
    """The calendar of a world that began `years` before the day after LAST_DAY."""
    after = datetime(2026, 7, 1, tzinfo=UTC)
    start = int(after.replace(year=after.year - years).timestamp())
    end = int(after.timestamp()) + HOURS_AFTER_LAST_DAY * HOUR
    knots = np.arange(start, end + HOUR, HOUR, dtype=np.int64)
    hours = knots[:-1].astype("datetime64[s]")
    months = hours.astype("datetime64[M]").astype(np.int64) % 12
    weekdays = (knots[:-1] // DAY + 3) % 7  # 1970-01-01 was a Thursday
    weight = (
        np.array(_MONTHS)[months]
        * np.array(_WEEKDAYS)[weekdays]
        * np.array(_HOURS, dtype=np.float64)[knots[:-1] // HOUR % 24]
    )
    passed = np.concatenate(([0.0], np.cumsum(weight)))
    average_day = passed[-1] / ((end - start) / DAY)
    return Calendar(start, end, knots.astype(np.float64), passed / average_day)
