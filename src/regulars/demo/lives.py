"""How people live: the true rate at which each of them buys, through all that changes it."""

from dataclasses import dataclass

import numpy as np

from regulars.demo import rates
from regulars.demo.calendar import DAY, YEAR, Bools, Calendar, Floats, Ints
from regulars.demo.people import NEVER, People

_ONE_TIME = rates.RHYTHMS.index("one_time")
_MOVED, _MARRIED, _CHILD = (rates.LIFE_EVENTS.index(e) for e in ("moved", "married", "child"))


@dataclass(frozen=True)
class Lives:
    """The rate of buying is constant within a phase of a life.

    Attributes:
        rhythm: (people,) index into rates.RHYTHMS.
        gap_shape: (people,) of the gamma that gaps follow, in orders' worth of time.
        begins: (people, phases) seconds, ascending; the first is where the life begins.
        rate: (people, phases) orders per busy day.
        lapsed_at: (people,) NEVER for those who stay beyond the horizon.
        event: (people,) index into rates.LIFE_EVENTS.
        event_at: (people,) NEVER for those with none.
        takes_name: (people,) whether a marriage brings another last name.
    """

    rhythm: Ints
    gap_shape: Floats
    begins: Ints
    rate: Floats
    lapsed_at: Ints
    event: Ints
    event_at: Ints
    takes_name: Bools

    def rate_at(self, person: Ints, at: Ints) -> Floats:
        """Orders per busy day of each person at each moment."""
        phase = np.maximum((at[:, None] >= self.begins[person]).sum(axis=1) - 1, 0)
        return np.where(at >= self.begins[person, 0], self.rate[person, phase], 0.0)

    def usual_rate(self) -> Floats:
        """(people,) orders per busy day at the beginning of the life."""
        return self.rate[:, 0]

    def moved_at(self) -> Ints:
        """(people,) when somebody moved house; NEVER for most."""
        return np.where(self.event == _MOVED, self.event_at, NEVER)

    def renamed_at(self) -> Ints:
        """(people,) when somebody took another name; NEVER for most."""
        return np.where((self.event == _MARRIED) & self.takes_name, self.event_at, NEVER)

    def tastes_change_at(self) -> Ints:
        """(people,) when somebody begins to like other things; NEVER for most."""
        return np.where(self.event == _CHILD, self.event_at, NEVER)


def make_lives(people: People, calendar: Calendar, rng: np.random.Generator) -> Lives:
    """A life for each of the people, up to the horizon."""
    count = len(people)
    rhythm = rng.choice(len(rates.RHYTHMS), count, p=rates.RHYTHM_SHARES)
    median, deviation, shape, years = (
        np.array(values)[rhythm]
        for values in (
            rates.ORDERS_PER_YEAR,
            rates.RATE_DEVIATION,
            rates.GAP_SHAPE,
            rates.YEARS_ACTIVE,
        )
    )
    usual = median * np.exp(rng.normal(0.0, 1.0, count) * deviation) / YEAR
    usual = np.where(people.buys, usual, 0.0)

    begins = np.maximum(people.joined_at, calendar.start)
    alive = rng.exponential(1.0, count) * years * YEAR * DAY
    lapsed = np.where(rhythm == _ONE_TIME, people.joined_at + 60, begins + alive.astype(np.int64))
    fade = (rng.uniform(*rates.FADE_DAYS, size=count) * DAY).astype(np.int64)
    fades = np.where(rng.random(count) < rates.FADES_FIRST, lapsed - fade, lapsed)
    away = (rng.uniform(*rates.AWAY_DAYS, size=count) * DAY).astype(np.int64)
    is_back = rng.random(count) < rates.COMES_BACK
    back = np.where(is_back & (rhythm != _ONE_TIME), lapsed + away, NEVER)

    event = rng.choice(len(rates.LIFE_EVENTS), count, p=rates.LIFE_EVENT_SHARES)
    wait = rng.exponential(YEAR * DAY / rates.LIFE_EVENTS_PER_YEAR, count)
    event_at = begins + np.minimum(wait, 100 * YEAR * DAY).astype(np.int64)
    event_at = np.where(event_at < calendar.horizon, event_at, NEVER)
    changed = np.exp(rng.normal(0.0, rates.LIFE_EVENT_DEVIATION, count))

    starts = np.sort(np.stack([begins, fades, lapsed, back, event_at], axis=1), axis=1)
    # what lies before the beginning is over when it begins
    starts = np.maximum(starts, begins[:, None])
    rate = np.repeat(usual[:, None], starts.shape[1], axis=1)
    is_faded = (starts >= fades[:, None]) & (starts < lapsed[:, None])
    is_gone = (starts >= lapsed[:, None]) & (starts < back[:, None])
    rate *= np.where(is_gone, rates.AFTER_LAPSE, np.where(is_faded, rates.FADE_FLOOR, 1.0))
    rate *= np.where(starts >= event_at[:, None], changed[:, None], 1.0)
    return Lives(
        rhythm=rhythm,
        gap_shape=shape,
        begins=starts,
        rate=rate,
        lapsed_at=np.where(lapsed < calendar.horizon, lapsed, NEVER),
        event=event,
        event_at=event_at,
        takes_name=rng.random(count) < rates.MARRIED_NAME,
    )


def draw_orders(
    people: People, lives: Lives, calendar: Calendar, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Person and second of every order that nobody had to be asked for, sorted by time.

    A renewal process in *expected orders*: gaps are gamma with a mean of one, so that the
    hazard is rate x (hazard of the gamma at what was expected since the last order). Whoever
    joins within the world does so with an order.
    """
    busy = calendar.busy_days(np.minimum(lives.begins, calendar.horizon))
    until = np.concatenate((busy[:, 1:], np.full((len(people), 1), calendar.busy[-1])), axis=1)
    expected = np.cumsum(np.maximum(until - busy, 0.0) * lives.rate, axis=1)
    total = expected[:, -1]
    enough = np.ceil(total + 5 * np.sqrt(total) + 8).astype(np.int64)
    person = np.repeat(np.arange(len(people)), enough)
    gap = rng.gamma(lives.gap_shape[person]) / lives.gap_shape[person]
    begins_at = np.cumsum(enough) - enough
    # who joined before is somewhere between two orders
    gap[begins_at] *= np.where(people.is_new, 1.0, rng.random(len(people)))
    summed = np.cumsum(gap)
    order_at = summed - (summed[begins_at] - gap[begins_at])[person]
    kept = order_at < total[person]
    person, order_at = person[kept], order_at[kept]
    phase = (order_at[:, None] >= expected[person]).sum(axis=1)
    before = np.where(phase > 0, expected[person, np.maximum(phase - 1, 0)], 0.0)
    at = calendar.moments(busy[person, phase] + (order_at - before) / lives.rate[person, phase])
    first = np.flatnonzero(people.is_new & people.buys)
    person = np.concatenate((first, person))
    at = np.concatenate((people.joined_at[first], at))
    by_time = np.lexsort((person, at))
    return person[by_time], at[by_time]
