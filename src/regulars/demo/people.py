"""The people: who they are, where they are known, what they like. How they live: lives.py."""

from dataclasses import dataclass

import numpy as np

from regulars.demo import names, rates
from regulars.demo.businesses.business import Business
from regulars.demo.calendar import DAY, YEAR, Bools, Calendar, Floats, Ints
from regulars.demo.catalogue import LEVELS

NEVER = np.int64(2) ** 62
# where an order is placed
WEB, APP, STORE = 0, 1, 2


@dataclass(frozen=True)
class People:
    """One element (or row) per person; `number` counts through the whole world.

    Times are seconds since 1970. Of a household the first member is the head, which is the
    person itself for those who live alone.
    """

    number: Ints
    head: Ints  # index of the head of the household
    country: Ints
    first_name: names.Texts
    last_name: names.Texts
    later_last_name: names.Texts  # after a marriage
    born: Ints  # days since 1970
    email: names.Texts
    phone: names.Texts
    street: names.Texts
    city: names.Texts
    postcode: names.Texts

    joined_at: Ints  # the first order, or for a lead who never converts the interest in it
    is_new: Bools  # joined after the world's beginning
    is_lead: Bools
    lead_keenness: Floats
    lead_chance: Floats  # of converting; 1 for those who are no leads
    buys: Bools  # all but leads who don't convert

    in_shop: Bools
    in_store: Bools
    in_crm: Bools
    has_card: Bools
    has_app: Bools
    has_two_accounts: Bools
    shares_device: Bools
    places: Floats  # (people, 3) cumulated shares of web, app and store

    price_level: Ints  # 0 cheap … LEVELS - 1 dear
    favourite_brand: Ints  # the number of brands: none
    basket: Floats  # factor on lines and units, mean about 1
    tastes: Floats  # (2, people, categories) cumulated shares, before and after a change

    favourite_channel: Ints
    open_rate: Floats  # (people, channels)
    click_rate: Floats
    effect: Floats
    fatigue: Floats

    def __len__(self) -> int:
        """How many people there are."""
        return len(self.number)

    def price_sensitivity(self) -> Floats:
        """(people,) 0.5 for those who like it dear … 1.5 for those who like it cheap."""
        return 1.5 - self.price_level / (LEVELS - 1)

    def taste_shares(self) -> Floats:
        """(2, people, categories) share of each category, before and after a change."""
        return np.diff(self.tastes, axis=2, prepend=0.0)


def make_people(
    number: Ints,
    joins_later: Bools,
    business: Business,
    calendar: Calendar,
    rng: np.random.Generator,
) -> People:
    """The people with these numbers; some of them join only after the world's clock."""
    count = len(number)
    head = _households(count, rng)
    country = rng.choice(len(names.COUNTRIES), count, p=names.COUNTRY_SHARES)[head]
    first = names.draw_name(names.FIRST_NAMES, country, rng.random(count))
    family = rng.random(count)
    last = names.draw_name(
        names.LAST_NAMES, country, np.where(rng.random(count) < 0.8, family[head], family)
    )
    house = np.char.add(" ", rng.integers(1, 180, count).astype(str))
    street = np.char.add(
        names.STREETS[country, rng.integers(0, names.STREETS.shape[1], count)], house
    )
    area = rng.integers(0, 900, count)
    digits = np.char.zfill(number.astype(str), 7)
    calling = np.char.add("+", np.array(names.CALLING_CODES)[country])

    is_new = (rng.random(count) >= rates.JOINED_BEFORE) | joins_later
    before = calendar.start - (rng.random(count) * 3 * YEAR * DAY).astype(np.int64) - DAY
    clock, end = calendar.busy_days(np.array([calendar.end])), calendar.busy[-1]
    late = clock + rng.random(count) * (end - clock)
    during = calendar.moments(np.where(joins_later, late, rng.random(count) * clock))

    is_lead = is_new & (rng.random(count) < rates.LEADS)
    keenness = rng.normal(size=count)
    odds = rates.LEAD_BASE + rates.LEAD_KEENNESS * keenness
    lead_chance = np.where(is_lead, 1 / (1 + np.exp(-odds)), 1.0)
    buys = rng.random(count) < lead_chance

    where = rng.random(count)
    in_store = (where >= rates.ONLY_ONLINE) & buys
    in_shop = (where < 1 - rates.ONLY_IN_STORE) & buys
    has_app = (rng.random(count) < rates.APP_USERS) & in_shop
    has_card = in_store & (rng.random(count) < rates.HAS_CARD)
    favourite = rng.integers(0, len(rates.MESSAGE_CHANNELS), count)
    is_favourite = np.arange(len(rates.MESSAGE_CHANNELS)) == favourite[:, None]
    return People(
        number=number,
        head=head,
        country=country,
        first_name=first,
        last_name=last,
        later_last_name=names.draw_name(names.LAST_NAMES, country, rng.random(count)),
        born=(
            calendar.start // DAY - np.clip(rng.normal(44.0, 15.0, count), 16.0, 92.0) * YEAR
        ).astype(np.int64),
        email=_emails(first, last, number, rng),
        phone=np.char.add(np.char.add(calling, " 555 "), digits),
        street=street[head],
        city=names.CITIES[country, area % names.CITIES.shape[1]][head],
        postcode=(10_000 + country * 9_000 + area * 10)[head].astype(str),
        joined_at=np.where(is_new, during, before),
        is_new=is_new,
        is_lead=is_lead,
        lead_keenness=keenness,
        lead_chance=lead_chance,
        buys=buys,
        in_shop=in_shop,
        in_store=in_store,
        in_crm=buys & (rng.random(count) < rates.IN_CRM),
        has_card=has_card,
        has_app=has_app,
        has_two_accounts=in_shop & (rng.random(count) < rates.TWO_ACCOUNTS),
        shares_device=(head != np.arange(count)) & (rng.random(count) < rates.SHARED_DEVICE),
        places=_places(in_shop, in_store, has_app, rng),
        price_level=rng.integers(0, LEVELS, count),
        favourite_brand=np.where(
            rng.random(count) < rates.HAS_FAVOURITE_BRAND,
            rng.integers(0, len(business.brands), count),
            len(business.brands),
        ),
        basket=_around_one(rng, rates.BASKET_DEVIATION, count),
        tastes=np.stack([_tastes(business, count, rng) for _ in range(2)]),
        favourite_channel=favourite,
        open_rate=_responses(rates.OPEN_RATES, is_favourite, 0.7, rng),
        click_rate=_responses(rates.CLICK_RATES, is_favourite, 0.5, rng),
        effect=_responses(rates.EFFECTS, is_favourite, 0.6, rng),
        fatigue=rates.FATIGUE * _around_one(rng, 0.4, count),
    )


def _households(count: int, rng: np.random.Generator) -> Ints:
    """Index of the head of each person's household: neighbours two by two, some of them."""
    own = np.arange(count, dtype=np.int64)
    together = np.repeat(rng.random(-(-count // 2)) < rates.HOUSEHOLDS, 2)[:count]
    return np.where(together, own - own % 2, own)


def _emails(
    first: names.Texts, last: names.Texts, number: Ints, rng: np.random.Generator
) -> names.Texts:
    """first.last123@domain; the number makes it one person's own."""
    text = np.char.add(np.char.add(_plain(first), "."), _plain(last))
    text = np.char.add(np.char.add(text, (number + 1).astype(str)), "@")
    domains = np.array(names.EMAIL_DOMAINS)
    return np.char.add(text, domains[rng.integers(0, len(domains), len(number))])


def _plain(texts: names.Texts) -> names.Texts:
    different, where = np.unique(texts, return_inverse=True)
    return np.array([names.plain(text) for text in different])[where]


def _places(in_shop: Bools, in_store: Bools, has_app: Bools, rng: np.random.Generator) -> Floats:
    """(people, 3): cumulated shares of orders by web, app and store."""
    store = rng.uniform(*rates.STORE_SHARE, size=len(in_shop))
    store = np.where(in_store & in_shop, store, in_store.astype(np.float64))
    app = np.where(has_app, rng.beta(2.0, 1.5, len(in_shop)), 0.0) * (1 - store)
    return np.stack([1 - store - app, 1 - store, np.ones(len(in_shop))], axis=1)


def _around_one(rng: np.random.Generator, deviation: float, count: int) -> Floats:
    """Log-normal factors with a mean of one."""
    return np.exp(rng.normal(-(deviation**2) / 2, deviation, count))


def _responses(
    means: tuple[float, ...], is_favourite: Bools, deviation: float, rng: np.random.Generator
) -> Floats:
    """(people, channels): one's own rates, higher on the favourite channel."""
    factor: Floats = np.exp(rng.normal(-(deviation**2) / 2, deviation, is_favourite.shape))
    share = 1 / is_favourite.shape[1]
    liked = np.where(is_favourite, rates.FAVOURITE_CHANNEL_FACTOR, 1.0)
    average = 1 + (rates.FAVOURITE_CHANNEL_FACTOR - 1) * share
    rate: Floats = np.minimum(np.array(means) * factor * liked / average, 0.95)
    return rate


def _tastes(business: Business, count: int, rng: np.random.Generator) -> Floats:
    """(people, categories): cumulated shares, drawn from a Dirichlet with sparse mass."""
    favour = np.array([category.share for category in business.categories])
    favour = favour / favour.sum()
    shape = favour * len(favour) * rates.TASTE_CONCENTRATION
    mass = rng.gamma(shape, 1.0, (count, len(favour))) + 1e-6 * favour  # nobody likes nothing
    shares: Floats = np.cumsum(mass, axis=1) / mass.sum(axis=1, keepdims=True)
    return shares
