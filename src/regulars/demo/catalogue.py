"""What is for sale: items that sell by a power law, and who picks which."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from regulars.demo import columns, rates
from regulars.demo.businesses.business import Business
from regulars.demo.calendar import DAY, Bools, Calendar, Floats, Ints, month
from regulars.demo.streams import choose

PLACES = 40  # products on the shelf of a category, cheapest first
LEVELS = 10  # how dear people like it
DAYS_SOLD_AHEAD = 300  # of items with a date
_FOR_EVER = np.int64(2) ** 62


@dataclass(frozen=True)
class Catalogue:
    """The shelves: arrays are (categories, PLACES) unless said otherwise.

    An item is a product, or where the business is dated a product in a month: item number =
    (category * PLACES + place) * periods + period.
    """

    business: Business
    chance: Floats  # (categories, LEVELS, brands + 1, PLACES): of each place, for each taste
    cumulated: Floats  # the same, summed up along the shelf
    best_seller: Ints  # (categories,) the one that is always there
    sold_from: Ints  # seconds
    sold_until: Ints  # seconds
    cents: Ints  # list price
    brand: Ints
    first_month: int  # since January 1970; period 0 of a dated item
    periods: int

    def draw(
        self, category: Ints, level: Ints, brand: Ints, at: Ints, rng: np.random.Generator
    ) -> Ints:
        """An item number for each category, to a taste in prices and brands, on sale then."""
        place = choose(self.cumulated[category, level, brand], rng)
        on_sale = (self.sold_from[category, place] <= at) & (at < self.sold_until[category, place])
        place = np.where(on_sale, place, self.best_seller[category])
        product: Ints = category * PLACES + place
        if not self.business.is_dated:
            return product
        ahead = rng.choice(
            len(self.business.months_ahead), len(category), p=self.business.months_ahead
        )
        period = np.minimum(month(at) - self.first_month + ahead, self.periods - 1)
        dated: Ints = product * self.periods + period
        return dated

    def category(self, item: Ints) -> Ints:
        """The category of each item."""
        found: Ints = item // (PLACES * self.periods)
        return found

    def price(self, item: Ints) -> Ints:
        """List price of each item in cents."""
        return self.cents.ravel()[item // self.periods]

    def item_ids(self, item: Ints, missing: Bools | None = None) -> pa.Array:
        """P00001 … from item numbers that count from 0."""
        return columns.ids("P", item + 1, 5, missing)


def make_catalogue(
    business: Business, calendar: Calendar, rng: np.random.Generator
) -> tuple[Catalogue, pa.Table]:
    """The catalogue and the raw table `products`: a row when an item appears, one when it goes."""
    shape = (len(business.categories), PLACES)
    ranks = rng.permuted(np.tile(np.arange(1, PLACES + 1), (shape[0], 1)), axis=1)
    popularity = ranks.astype(np.float64) ** -rates.POPULARITY_EXPONENT
    median = np.array([category.price for category in business.categories])[:, None]
    euros = np.sort(
        np.floor(median * np.exp(rng.normal(0.0, business.price_spread, shape))), axis=1
    )
    cents = np.maximum(euros.astype(np.int64), 2) * 100 - rng.choice([1, 5, 10, 50], shape)
    brand = rng.integers(0, len(business.brands), shape)
    chance = _chances(popularity, brand, len(business.brands))
    cumulated = np.cumsum(chance, axis=-1)

    day = rng.uniform(calendar.start, calendar.horizon, shape).astype(np.int64) // DAY * DAY
    is_new = (rng.random(shape) < rates.LAUNCHED_DURING) & (ranks > 1) & (not business.is_dated)
    goes = (rng.random(shape) < rates.DISCONTINUED) & (ranks > 1) & (not business.is_dated)
    life = rng.uniform(60.0, 900.0, shape).astype(np.int64) * DAY
    sold_from = np.where(is_new, day, calendar.start - 10 * 365 * DAY)
    sold_until = np.where(goes, np.maximum(sold_from, calendar.start) + life, _FOR_EVER)

    first = int(month(np.array([calendar.start]))[0])
    last = int(month(np.array([calendar.horizon]))[0]) + len(business.months_ahead) - 1
    catalogue = Catalogue(
        business=business,
        chance=chance,
        cumulated=cumulated,
        best_seller=np.argmin(ranks, axis=1).astype(np.int64),
        sold_from=sold_from,
        sold_until=sold_until,
        cents=cents,
        brand=brand,
        first_month=first,
        periods=last - first + 1 if business.is_dated else 1,
    )
    return catalogue, _products(catalogue, calendar, rng)


def _chances(popularity: Floats, brand: Ints, brands: int) -> Floats:
    """(categories, LEVELS, brands + 1, PLACES): popular, near one's price level, one's brand."""
    distance = np.abs(
        (np.arange(PLACES) + 0.5) / PLACES - ((np.arange(LEVELS) + 0.5) / LEVELS)[:, None]
    )
    near = np.exp(-distance / rates.PRICE_LEVEL_WIDTH)[None, :, None, :]
    # the last favourite is none
    liked = brand[:, None, :] == np.arange(brands + 1)[None, :, None]
    weight = popularity[:, None, None, :] * near
    weight = weight * np.where(liked, rates.FAVOURITE_BRAND_FACTOR, 1.0)[:, None]
    chance: Floats = weight / weight.sum(axis=-1, keepdims=True)
    return chance


def _products(catalogue: Catalogue, calendar: Calendar, rng: np.random.Generator) -> pa.Table:
    business, periods = catalogue.business, catalogue.periods
    subcategory, names = _names(business, rng)
    item = np.arange(catalogue.cents.size * periods, dtype=np.int64)
    place, period = item // periods, item % periods
    if business.is_dated:
        months = catalogue.first_month + period
        leaves = months.astype("datetime64[M]").astype("datetime64[s]").astype(np.int64)
        from_, until = leaves - DAYS_SOLD_AHEAD * DAY, leaves + 28 * DAY
        when = np.char.add(" ", months.astype("datetime64[M]").astype(str))
        label = np.char.add(np.array(names)[place], when)
    else:
        from_, until = catalogue.sold_from.ravel(), catalogue.sold_until.ravel()
        label = np.array(names)
    gone = np.flatnonzero(until < calendar.horizon)
    row = np.concatenate((item, gone))
    is_available = np.arange(len(row)) < len(item)
    return pa.table({
        "product_id": catalogue.item_ids(row),
        "product_name": columns.text(label[row]),
        "category": columns.pick([c.name for c in business.categories], place[row] // PLACES),
        "subcategory": columns.text(np.array(subcategory)[place[row]]),
        "brand": columns.pick(business.brands, catalogue.brand.ravel()[place[row]]),
        "list_price": columns.amounts(catalogue.price(row)),
        "launched_at": columns.timestamps(from_[row]),
        "is_available": pa.array(is_available),
        "loaded_at": columns.timestamps(
            calendar.loaded_at(np.where(is_available, from_[row], until[row]))
        ),
    })  # fmt: skip


def _names(business: Business, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Subcategory and name of each place on the shelves; no name twice in a category."""
    subcategories: list[str] = []
    names: list[str] = []
    for category in business.categories:
        kinds = [(sub, kind) for sub, goods in category.goods for kind in goods]
        pairs = [
            (kind, form) for form in range(len(business.variants)) for kind in range(len(kinds))
        ]
        for pair in rng.permutation(len(pairs))[:PLACES]:
            subcategory, kind = kinds[pairs[pair][0]]
            subcategories.append(subcategory)
            names.append(f"{kind} {business.variants[pairs[pair][1]]}")
    return subcategories, names
