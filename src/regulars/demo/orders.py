"""What is bought and sent back, wherever it is: raw tables are made of it in sources/."""

from dataclasses import dataclass

import numpy as np

from regulars.demo import rates
from regulars.demo.calendar import DAY, Calendar, Ints
from regulars.demo.campaigns import Responses
from regulars.demo.catalogue import Catalogue
from regulars.demo.lives import Lives
from regulars.demo.people import STORE, People
from regulars.demo.streams import choose

_DISCOUNTS = np.array([5, 10, 15, 20, 30])  # percent


@dataclass(frozen=True)
class Orders:
    """One element per order, sorted by time.

    `campaign` is the one that made somebody buy who would not have bought; -1 for most.
    """

    person: Ints
    at: Ints
    place: Ints
    category: Ints  # of the first line
    campaign: Ints
    percent: Ints  # what the campaign takes off

    def __len__(self) -> int:
        """How many orders there are."""
        return len(self.person)


@dataclass(frozen=True)
class Lines:
    """One element per order line, sorted by order and line number."""

    order: Ints
    number: Ints
    item: Ints
    quantity: Ints
    cents: Ints
    discount: Ints


@dataclass(frozen=True)
class Returns:
    """One element per line that came back, sorted by time; `line` counts through the lines."""

    line: Ints
    at: Ints
    quantity: Ints
    refund: Ints


def draw_category(
    people: People, lives: Lives, person: Ints, at: Ints, rng: np.random.Generator
) -> Ints:
    """A category to each person's taste at each moment."""
    after = (at >= lives.tastes_change_at()[person]).astype(np.int64)
    return choose(people.tastes[after, person], rng)


def draw_items(
    people: People,
    person: Ints,
    category: Ints,
    at: Ints,
    catalogue: Catalogue,
    rng: np.random.Generator,
) -> Ints:
    """An item of each category to each person's price level and favourite brand."""
    level, brand = people.price_level[person], people.favourite_brand[person]
    return catalogue.draw(category, level, brand, at, rng)


def make_orders(
    people: People,
    own: tuple[Ints, Ints, Ints],
    responses: Responses,
    calendar: Calendar,
    rng: np.random.Generator,
) -> Orders:
    """Orders that people make of themselves (person, time, category), and those of campaigns."""
    caused = responses.orders
    person = np.concatenate((own[0], caused.person))
    at = np.concatenate((own[1], caused.at))
    none = np.full(len(own[0]), -1, dtype=np.int64)
    place = choose(people.places[person], rng)
    at = np.where(place == STORE, calendar.opening_hours(at), at)
    by_time = np.lexsort((person, at))
    return Orders(
        person[by_time],
        at[by_time],
        place[by_time],
        np.concatenate((own[2], caused.category))[by_time],
        np.concatenate((none, caused.campaign))[by_time],
        np.concatenate((np.zeros_like(none), caused.percent))[by_time],
    )


def make_lines(
    people: People,
    lives: Lives,
    orders: Orders,
    catalogue: Catalogue,
    calendar: Calendar,
    rng: np.random.Generator,
) -> Lines:
    """The lines of the orders: the first of the order's category, the others to one's taste."""
    mean = catalogue.business.lines_per_order * people.basket[orders.person]
    lines_of = 1 + rng.poisson(mean)
    order = np.repeat(np.arange(len(orders)), lines_of)
    number = np.arange(len(order)) - np.repeat(np.cumsum(lines_of) - lines_of, lines_of) + 1
    who, when = orders.person[order], orders.at[order]
    other = draw_category(people, lives, who, when, rng)
    category = np.where(number == 1, orders.category[order], other)
    item = draw_items(people, who, category, when, catalogue, rng)
    quantity = 1 + rng.poisson(rates.EXTRA_UNITS * people.basket[who])
    cents = catalogue.price(item)
    percent = np.where(
        category == orders.category[order],
        np.maximum(orders.percent[order], _markdown(people, who, when, calendar, rng)),
        _markdown(people, who, when, calendar, rng),
    )
    return Lines(order, number, item, quantity, cents, quantity * cents * percent // 100)


def _markdown(
    people: People, who: Ints, when: Ints, calendar: Calendar, rng: np.random.Generator
) -> Ints:
    """Percent off: more often in November, and for those who like it cheap."""
    share = np.where(
        calendar.is_november(when), rates.DISCOUNTED_LINES_IN_NOVEMBER, rates.DISCOUNTED_LINES
    )
    is_discounted = rng.random(len(who)) < share * people.price_sensitivity()[who]
    return np.where(is_discounted, rng.choice(_DISCOUNTS, len(who)), 0)


def make_returns(
    lines: Lines,
    orders: Orders,
    lives: Lives,
    catalogue: Catalogue,
    calendar: Calendar,
    rng: np.random.Generator,
) -> Returns:
    """What comes back: at most once per line, by the category's rate."""
    rate = np.array([category.return_rate for category in catalogue.business.categories])
    count = len(lines.order)
    # the dissatisfied return more: those who are about to leave
    at = orders.at[lines.order]
    leaves = lives.lapsed_at[orders.person[lines.order]] - at < 120 * DAY
    odds = rate[catalogue.category(lines.item)] * np.where(leaves, 1.8, 0.8)
    days = np.clip(np.exp(rng.normal(2.3, 0.6, count)), *rates.RETURN_WITHIN_DAYS)
    back_at = at + (days * DAY).astype(np.int64)
    back_at = np.where(orders.place[lines.order] == STORE, calendar.opening_hours(back_at), back_at)
    some = rng.random(count) < 0.2
    line = np.flatnonzero((rng.random(count) < odds) & (back_at < calendar.horizon))
    line = line[np.lexsort((line, back_at[line]))]
    back = np.where(some[line], 1, lines.quantity[line])
    paid = lines.quantity[line] * lines.cents[line] - lines.discount[line]
    return Returns(line, back_at[line], back, paid * back // lines.quantity[line])
