"""What identifies the people: the raw tables `contacts` (crm) and `accounts` (shop)."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from regulars.demo import columns, names, rates
from regulars.demo.calendar import DAY, Calendar, Ints
from regulars.demo.people import Bools, People

_NEVER = np.int64(2) ** 62


@dataclass(frozen=True)
class Accounts:
    """Per person: since when they have an account and a second one (never, for most).

    All in seconds since 1970. Whose an account is can't be read off its id, as in any shop.
    """

    registered_at: Ints
    second_at: Ints

    def used(self, person: Ints, at: Ints, rng: np.random.Generator) -> Ints:
        """0 or 1: the account that each person acts with at each moment."""
        second = rng.random(len(person)) < rates.SECOND_ACCOUNT_USED
        return ((at >= self.second_at[person]) & second).astype(np.int64)


def account_ids(number: Ints, used: Ints, missing: Bools | None = None) -> pa.Array:
    """Text ids of accounts from a person's number in the world and which of the two."""
    # a product with an odd constant modulo a power of two never maps two to one
    stirred = (number * 2 + used) * 2_654_435_761 % 2**32
    return columns.ids("A", stirred, 10, missing)


def make_accounts(
    people: People, calendar: Calendar, rng: np.random.Generator
) -> tuple[Accounts, pa.Table, pa.Table]:
    """The accounts, and the raw tables `contacts` and `accounts` of these people."""
    count = len(people)
    look_around = (rng.exponential(3.0 * DAY, count)).astype(np.int64)
    registered = people.joined_at - look_around - 60
    rest = np.minimum(people.lapsed_at, calendar.end) - np.maximum(registered, calendar.start)
    later = np.maximum(registered, calendar.start) + (rng.uniform(0.1, 0.9, count) * rest).astype(
        np.int64
    )
    accounts = Accounts(registered, np.where(people.has_two_accounts, later, _NEVER))
    same_email = rng.random(count) < rates.SECOND_ACCOUNT_SAME_EMAIL
    by_loyalty = people.has_two_accounts & ~same_email
    member = (rng.random(count) < rates.LOYALTY_MEMBERS) | by_loyalty

    country = rng.choice(len(names.COUNTRIES), count, p=names.COUNTRY_SHARES)
    first = names.FIRST_NAMES[country, rng.integers(0, names.FIRST_NAMES.shape[1], count)]
    last = names.LAST_NAMES[country, rng.integers(0, names.LAST_NAMES.shape[1], count)]
    email = _emails(first, last, people.number, rng)

    shop = np.concatenate((np.flatnonzero(people.in_shop), np.flatnonzero(people.has_two_accounts)))
    second = np.arange(len(shop)) >= people.in_shop.sum()
    other = second & by_loyalty[shop]
    shown = np.where(other, _emails(last, first, people.number, rng)[shop], email[shop])
    has_number = member[shop] & (rng.random(len(shop)) < rates.LOYALTY_SHOWN_IN_SHOP)
    has_number |= by_loyalty[shop]
    at = np.where(second, accounts.second_at[shop], registered[shop])
    account_table = pa.table({
        "account_id": account_ids(people.number[shop], second.astype(np.int64)),
        "email": columns.text(_typed_by_hand(shown, rng)),
        "loyalty_number": columns.ids("L", _loyalty(people.number[shop]), 10, ~has_number),
        "registered_at": columns.timestamps(at),
        "loaded_at": columns.same_timestamp(calendar.end, len(shop)),
    }).sort_by([("registered_at", "ascending"), ("account_id", "ascending")])  # fmt: skip
    contacts = _contacts(people, country, first, last, email, member, calendar, rng)
    return accounts, contacts, account_table


def _contacts(
    people: People,
    country: Ints,
    first: names.Texts,
    last: names.Texts,
    email: names.Texts,
    member: Bools,
    calendar: Calendar,
    rng: np.random.Generator,
) -> pa.Table:
    crm = np.flatnonzero(people.in_crm)
    count, land = len(crm), country[crm]
    created = people.joined_at[crm] + (rng.exponential(10.0 * DAY, count)).astype(np.int64)
    created = np.minimum(created, calendar.end - DAY)
    updated = created + (rng.random(count) ** 2 * (calendar.end - created)).astype(np.int64)
    born = np.clip(rng.normal(46.0, 15.0, count), 18.0, 92.0) * 365.25
    postcode = 10_000 + land * 9_000 + rng.integers(0, 8_999, count)
    house = np.char.add(" ", rng.integers(1, 120, count).astype(str))
    street = names.STREETS[land, rng.integers(0, names.STREETS.shape[1], count)]
    phone = np.char.add(
        np.char.add(np.array(["+", "00"])[(rng.random(count) < 0.3).astype(int)],
                    np.array(names.CALLING_CODES)[land]),
        np.char.add(" 555 ", np.char.zfill(people.number[crm].astype(str), 7)),
    )  # fmt: skip
    has_number = member[crm] & (rng.random(count) < rates.LOYALTY_SHOWN_IN_CRM)
    return pa.table({
        "contact_id": columns.ids("C", people.number[crm] + 1, 8),
        "first_name": columns.text(first[crm]),
        "last_name": columns.text(last[crm]),
        "birth_date": columns.dates(
            (calendar.end // DAY - born).astype(np.int64),
            rng.random(count) < rates.NO_BIRTH_DATE,
        ),
        "email": columns.text(
            _typed_by_hand(email[crm], rng), rng.random(count) < rates.NO_EMAIL_IN_CRM
        ),
        "phone": columns.text(phone, rng.random(count) < rates.NO_PHONE),
        "loyalty_number": columns.ids("L", _loyalty(people.number[crm]), 10, ~has_number),
        "street": columns.text(np.char.add(street, house)),
        "city": columns.text(names.CITIES[land, rng.integers(0, names.CITIES.shape[1], count)]),
        "postcode": columns.text(postcode.astype(str)),
        "country": columns.pick(names.COUNTRIES, land),
        "created_at": columns.timestamps(created),
        "updated_at": columns.timestamps(updated),
        "loaded_at": columns.same_timestamp(calendar.end, count),
    })  # fmt: skip


def _loyalty(number: Ints) -> Ints:
    return (number + 1) * 2_246_822_519 % 2**32


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


def _typed_by_hand(email: names.Texts, rng: np.random.Generator) -> names.Texts:
    """Some in capitals, some with blanks around: what forms let through."""
    case, blank = rng.random(len(email)), rng.random(len(email))
    half = rates.EMAIL_IN_ODD_CASE / 2
    email = np.where(case < half, np.char.upper(email), email)
    email = np.where((case >= half) & (case < 2 * half), np.char.title(email), email)
    half = rates.EMAIL_WITH_BLANKS / 2
    email = np.where(blank < half, np.char.add(email, " "), email)
    return np.where((blank >= half) & (blank < 2 * half), np.char.add(" ", email), email)
