"""What a business is to the made-up world."""

from typing import NamedTuple


class Category(NamedTuple):
    """A category: its share of sales, its prices (EUR, median), how often it comes back."""

    name: str
    share: float
    price: float
    return_rate: float
    goods: tuple[tuple[str, tuple[str, ...]], ...]  # subcategory, kinds of product


class Business(NamedTuple):
    """All that differs between one kind of company and another.

    `months` is how busy January … December are. `variants` are the forms in which every kind
    of product is sold. Where `is_dated`, an item is a product on a date: it is sold up to
    300 days ahead, and `months_ahead` is the share that is bought 0, 1, 2 … months ahead.
    """

    name: str
    categories: tuple[Category, ...]
    brands: tuple[str, ...]
    variants: tuple[str, ...]
    months: tuple[float, ...]
    is_dated: bool
    months_ahead: tuple[float, ...]
    price_spread: float  # deviation of the logarithm of prices within a category
    lines_per_order: float  # beyond the first
