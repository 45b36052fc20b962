"""The catalogue of a consumer-goods shop: 400 products that sell by a power law."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars.demo import columns
from regulars.demo.calendar import DAY, Calendar, Floats, Ints

PRODUCTS_PER_CATEGORY = 40
POPULARITY_EXPONENT = 0.9
LAUNCHED_DURING = 0.3  # share of products that weren't there from the beginning
DISCONTINUED = 0.06


class Category(NamedTuple):
    """A category: its share of sales, its prices (EUR, median), how often it comes back."""

    name: str
    share: float
    price: float
    return_rate: float
    goods: tuple[tuple[str, tuple[str, ...]], ...]  # subcategory, kinds of product


CATEGORIES = (
    Category("Kitchen", 0.14, 24.0, 0.04, (
        ("Cookware", ("Frying Pan", "Saucepan", "Casserole", "Wok")),
        ("Coffee & Tea", ("Teapot", "Coffee Press", "Milk Frother", "Mug Set")),
    )),
    Category("Home", 0.13, 29.0, 0.06, (
        ("Textiles", ("Cushion", "Throw", "Bed Linen", "Towel Set")),
        ("Lighting", ("Table Lamp", "Lantern", "Reading Light", "Candle Holder")),
    )),
    Category("Personal Care", 0.13, 11.0, 0.02, (
        ("Skin", ("Face Cream", "Hand Balm", "Body Lotion", "Sun Milk")),
        ("Hair", ("Shampoo", "Conditioner", "Hair Oil", "Brush")),
    )),
    Category("Clothing", 0.15, 38.0, 0.17, (
        ("Tops", ("T-Shirt", "Shirt", "Jumper", "Cardigan")),
        ("Accessories", ("Scarf", "Belt", "Beanie", "Gloves")),
    )),
    Category("Garden", 0.08, 21.0, 0.04, (
        ("Plants", ("Planter", "Herb Kit", "Seed Box", "Watering Can")),
        ("Tools", ("Pruner", "Hand Trowel", "Rake", "Garden Gloves")),
    )),
    Category("Toys", 0.08, 19.0, 0.05, (
        ("Games", ("Board Game", "Card Game", "Puzzle", "Dice Game")),
        ("Wooden Toys", ("Train Set", "Building Blocks", "Pull Toy", "Stacking Tower")),
    )),
    Category("Stationery", 0.08, 9.0, 0.02, (
        ("Paper", ("Notebook", "Planner", "Sketchbook", "Card Set")),
        ("Writing", ("Fountain Pen", "Pencil Set", "Brush Pen", "Ink Bottle")),
    )),
    Category("Food", 0.09, 8.0, 0.01, (
        ("Pantry", ("Olive Oil", "Spice Mix", "Pasta", "Honey")),
        ("Drinks", ("Ground Coffee", "Green Tea", "Cocoa", "Syrup")),
    )),
    Category("Outdoor", 0.07, 47.0, 0.10, (
        ("Camping", ("Sleeping Bag", "Camp Stove", "Headlamp", "Flask")),
        ("Bags", ("Daypack", "Dry Bag", "Hip Pack", "Bike Bag")),
    )),
    Category("Electronics", 0.05, 69.0, 0.09, (
        ("Audio", ("Headphones", "Speaker", "Earbuds", "Radio")),
        ("Gadgets", ("Power Bank", "Charger", "Alarm Clock", "Kitchen Scale")),
    )),
)  # fmt: skip
BRANDS = (
    "Alder & Ash",
    "Nordhav",
    "Petit Jour",
    "Lumo",
    "Casa Vento",
    "Ostwind",
    "Fjellro",
    "Marlo",
)
_LINES = ("Classic", "Linea", "Studio", "Terra", "Aurora", "Pure", "Atlas", "Mono", "Vita", "Solo")


@dataclass(frozen=True)
class Catalogue:
    """Products category by category, dearest last; (categories, products per category)."""

    cumulated: Floats  # cumulated popularity within the category
    best_seller: Ints  # (categories,) the one that is always there
    sold_from: Ints  # seconds
    sold_until: Ints  # seconds
    cents: Ints  # list price

    def draw(self, category: Ints, level: Floats, at: Ints, rng: np.random.Generator) -> Ints:
        """A product number for each category: popular, near the price level, on sale then."""
        count = len(category)
        shelf = self.cumulated[category]
        two = [(rng.random((count, 1)) > shelf).sum(axis=1) for _ in range(2)]
        wanted = level * PRODUCTS_PER_CATEGORY
        place = np.where(np.abs(two[0] - wanted) <= np.abs(two[1] - wanted), two[0], two[1])
        on_sale = (self.sold_from[category, place] <= at) & (at < self.sold_until[category, place])
        place = np.where(on_sale, place, self.best_seller[category])
        return category * PRODUCTS_PER_CATEGORY + place


def make_catalogue(calendar: Calendar, rng: np.random.Generator) -> tuple[Catalogue, pa.Table]:
    """The catalogue and the raw table `products`."""
    shape = (len(CATEGORIES), PRODUCTS_PER_CATEGORY)
    count = shape[0] * shape[1]
    ranks = rng.permuted(np.tile(np.arange(1, shape[1] + 1), (shape[0], 1)), axis=1)
    popularity = ranks.astype(np.float64) ** -POPULARITY_EXPONENT
    cumulated = np.cumsum(popularity, axis=1) / popularity.sum(axis=1, keepdims=True)
    cumulated[:, -1] = 1.0  # rounding must not leave a gap above
    median = np.array([category.price for category in CATEGORIES])[:, None]
    euros = np.sort(np.floor(median * np.exp(rng.normal(0.0, 0.55, shape))), axis=1)
    cents = np.maximum(euros.astype(np.int64), 2) * 100 - rng.choice([1, 5, 10, 50], shape)

    span = calendar.end - calendar.start
    day = calendar.start + (rng.random(shape) * span * 0.95).astype(np.int64)
    old = calendar.start - (rng.random(shape) * 5 * 365 * DAY).astype(np.int64)
    launched = np.where((rng.random(shape) < LAUNCHED_DURING) & (ranks > 1), day, old) // DAY * DAY
    gone = (rng.random(shape) < DISCONTINUED) & (ranks > 1)
    last_year = calendar.end - (rng.random(shape) * 365 * DAY).astype(np.int64)
    until = np.where(gone, np.maximum(last_year, launched + 30 * DAY), np.int64(2) ** 62)

    subcategory, names, brands = _names(rng)
    table = pa.table({
        "product_id": product_ids(np.arange(count, dtype=np.int64)),
        "product_name": columns.text(names),
        "category": columns.text([c.name for c in CATEGORIES for _ in range(shape[1])]),
        "subcategory": columns.text(subcategory),
        "brand": columns.pick(BRANDS, brands),
        "list_price": columns.amounts(cents.ravel()),
        "launched_at": columns.timestamps(launched.ravel()),
        "is_available": pa.array(until.ravel() > calendar.end),
        "loaded_at": columns.same_timestamp(calendar.end, count),
    })  # fmt: skip
    best = np.argmin(ranks, axis=1).astype(np.int64)
    return Catalogue(cumulated, best, launched, until, cents), table


def product_ids(numbers: Ints, missing: NDArray[np.bool_] | None = None) -> pa.Array:
    """P0001 … from product numbers that count from 0."""
    return columns.ids("P", numbers + 1, 4, missing)


def _names(rng: np.random.Generator) -> tuple[list[str], list[str], Ints]:
    """Subcategory, name and brand number per product; no name twice in a category."""
    subcategories: list[str] = []
    names: list[str] = []
    for category in CATEGORIES:
        kinds = [(sub, kind) for sub, goods in category.goods for kind in goods]
        pairs = [(kind, line) for line in range(len(_LINES)) for kind in range(len(kinds))]
        for pair in rng.permutation(len(pairs))[:PRODUCTS_PER_CATEGORY]:
            subcategory, kind = kinds[pairs[pair][0]]
            subcategories.append(subcategory)
            names.append(f"{kind} {_LINES[pairs[pair][1]]}")
    return subcategories, names, rng.integers(0, len(BRANDS), len(names))
