"""The people: when they join and lapse, how often they buy, what they like."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regulars.demo import rates
from regulars.demo.calendar import DAY, Calendar, Floats, Ints
from regulars.demo.products import CATEGORIES

Bools = NDArray[np.bool_]
YEAR = 365.25


@dataclass(frozen=True)
class People:
    """One element per person; `number` counts through the whole world.

    Times are seconds since 1970; `rate` is orders per busy day; `taste` is (people,
    categories), the cumulated shares of what they buy.
    """

    number: Ints
    in_shop: Bools
    in_crm: Bools
    has_two_accounts: Bools
    joined_at: Ints
    is_new: Bools  # joined within the world, with a first order
    lapsed_at: Ints
    fades_at: Ints  # from here on they buy less and less; lapsed_at when they don't fade
    rate: Floats
    price_level: Floats  # 0 cheap … 1 dear
    return_factor: Floats  # mean 1
    taste: Floats

    def __len__(self) -> int:
        """How many people there are."""
        return len(self.number)

    def keenness(self, person: Ints, at: Ints) -> Floats:
        """Share (0 to 1) of the usual rate that is left of each person at each moment."""
        fades, lapses = self.fades_at[person], self.lapsed_at[person]
        gone = np.clip((at - fades) / np.maximum(lapses - fades, 1), 0.0, 1.0)
        return np.where(at < lapses, 1.0 - (1.0 - rates.FADE_FLOOR) * gone, 0.0)


def make_people(first: int, count: int, calendar: Calendar, rng: np.random.Generator) -> People:
    """The people numbered first … first + count - 1."""
    crm_only, shop_only, two_accounts = _groups(count, rng)
    is_new = rng.random(count) >= rates.JOINED_BEFORE
    during = calendar.moments(rng.random(count) * calendar.busy[-1])
    before = calendar.start - (rng.random(count) * 3 * YEAR * DAY).astype(np.int64) - DAY
    joined = np.where(is_new, during, before)

    hazard = _gamma(rng, rates.LAPSE_RATE_SHAPE, rates.LAPSES_PER_YEAR, count) / (YEAR * DAY)
    # a century is as good as never, and keeps tiny hazards within 64 bits
    lifetime = np.minimum(rng.exponential(size=count) / np.maximum(hazard, 1e-15), 100 * YEAR * DAY)
    # those who joined before are the ones who are still there when the world begins
    lapsed = np.maximum(joined, calendar.start) + lifetime.astype(np.int64)
    fades = rng.random(count) < rates.FADES_FIRST
    fade_days = rng.uniform(*rates.FADE_DAYS, size=count)

    return People(
        number=np.arange(first, first + count, dtype=np.int64),
        in_shop=~crm_only,
        in_crm=~shop_only,
        has_two_accounts=two_accounts,
        joined_at=joined,
        is_new=is_new & ~crm_only,
        lapsed_at=lapsed,
        fades_at=np.where(fades, lapsed - (fade_days * DAY).astype(np.int64), lapsed),
        rate=_gamma(rng, rates.ORDER_RATE_SHAPE, rates.ORDERS_PER_YEAR, count) / YEAR,
        price_level=rng.random(count),
        # the dissatisfied return more and leave sooner
        return_factor=_to_mean_one((hazard * YEAR * DAY + 0.1) ** 0.5),
        taste=_tastes(count, rng),
    )


def _groups(count: int, rng: np.random.Generator) -> tuple[Bools, Bools, Bools]:
    """Who is only in crm, only in the shop, and who has two accounts: exact shares."""
    order = rng.permutation(count)
    crm_only, shop_only, two_accounts = np.zeros((3, count), dtype=np.bool_)
    first = round(count * rates.CRM_ONLY)
    second = first + round(count * rates.SHOP_ONLY)
    crm_only[order[:first]] = True
    shop_only[order[first:second]] = True
    # from the other end, so that both kinds of shopper have some
    two_accounts[order[first:][::-1][: round(count * rates.TWO_ACCOUNTS)]] = True
    return crm_only, shop_only, two_accounts


def _gamma(rng: np.random.Generator, shape: float, mean: float, count: int) -> Floats:
    return rng.gamma(shape, mean / shape, count)


def _to_mean_one(values: Floats) -> Floats:
    return values / float(values.mean())


def _tastes(count: int, rng: np.random.Generator) -> Floats:
    """(count, categories): cumulated shares, drawn from a Dirichlet with sparse mass."""
    favour = np.array([category.share for category in CATEGORIES])
    mass = rng.gamma(
        favour * len(CATEGORIES) * rates.TASTE_CONCENTRATION, 1.0, (count, len(favour))
    )
    mass += 1e-6 * favour  # nobody likes nothing
    total: Floats = mass.sum(axis=1, keepdims=True)
    return np.cumsum(mass, axis=1) / total
