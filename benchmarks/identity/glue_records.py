"""Person records that invite gluing: common names, households, e-mails shared by strangers.

Half as many people as records live in households of about two, most of them under one family
name. Given and family names follow Zipf's law. A record may have a typing error, a short form, a
date one edit off, another name (married), an older address, a throw-away mailbox, or gaps.
"""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Words = NDArray[np.object_]
Places = NDArray[np.int64]
Change = Callable[[Words], Words]

SYLLABLES = [
    "ba", "be", "bo", "da", "de", "di", "do", "fa", "fe", "ga", "go", "ha",
    "he", "ja", "jo", "ka", "ke", "ki", "ko", "la", "le", "li", "lo", "ma",
    "me", "mi", "mo", "na", "ne", "ni", "no", "pa", "pe", "ra", "re", "ri",
    "ro", "sa", "se", "si", "so", "ta", "te", "ti", "to", "va", "ve", "vi",
    "wa", "we", "za", "ze",
]  # fmt: skip
ENDINGS = [
    "n", "s", "r", "l", "m", "k", "t", "rd", "th", "nn", "ck", "son",
    "man", "er", "ez", "ski", "ini", "a", "o", "i",
]  # fmt: skip
DOMAINS = np.array(["inbox.example", "mail.example", "post.example", "letters.example"], object)
FIRST_DAY, LAST_DAY = -14_600, 13_500  # of birth, in days from 1970: 1930 to 2006
RECORDS_EACH = [0.42, 0.30, 0.16, 0.08, 0.04]  # 1 to 5
SLIPS = [-30, 30, -1, 1, 10, -10, 365, -365]  # days that a mistyped date is off


def person_records(records: int, shared_emails: float, seed: int = 1) -> pa.Table:
    """The records.

    Args:
        records: how many.
        shared_emails: the share of all records that get the e-mail address of a random person;
            a quarter of all addresses are missing afterwards.
        seed: of all that is drawn.

    Returns:
        record_id, first_name, last_name, birth_date, email, phone, postcode, city, address
        (text or null) and person (int), in random order.
    """
    draw = np.random.default_rng(seed)
    people = records // 2
    households = int(people / 1.9)
    home = draw.integers(0, households, people)

    given = _vocabulary(3_000, draw, 1, 2)
    family = _vocabulary(30_000, draw, 2, 3)
    chances = _zipf(len(family), 1.0, 0.95)
    of_household = draw.choice(len(family), households, p=chances)
    of_person = draw.choice(len(family), people, p=chances)
    last = np.where(draw.random(people) < 0.75, of_household[home], of_person)
    first = draw.choice(len(given), people, p=_zipf(len(given), 2.5, 1.0))

    each = 1 + draw.choice(5, people, p=RECORDS_EACH)
    person = np.repeat(np.arange(people), each)[:records]
    person = np.concatenate([person, draw.integers(0, people, records - len(person))])
    person = draw.permutation(person)

    first_name, last_name = given[first][person], family[last][person]
    _change(first_name, draw, 0.04, lambda words: np.array([w[:4] for w in words], object))
    _change(first_name, draw, 0.04, lambda words: _mistyped(words, draw))
    _change(last_name, draw, 0.04, lambda words: _mistyped(words, draw))
    _change(
        last_name, draw, 0.01, lambda words: family[draw.choice(len(family), len(words), p=chances)]
    )
    mailbox = given[first] + "." + family[last] + np.arange(people).astype(str).astype(object)
    lives_at = np.where(
        draw.random(records) < 0.08, draw.integers(0, households, records), home[person]
    )
    address, city, postcode = _addresses(lives_at, households, draw)
    columns = {
        "first_name": first_name,
        "last_name": last_name,
        "birth_date": _birth_dates(person, people, draw),
        "email": _emails(mailbox, person, shared_emails, draw),
        "phone": _phones(person, home, households, draw),
        "postcode": postcode,
        "city": city,
        "address": address,
    }
    return pa.table(
        {
            "record_id": pa.array(np.arange(1, records + 1)).cast(pa.string()),
            **{name: pa.array(values, pa.string()) for name, values in columns.items()},
            "person": person,
        }
    )


def _birth_dates(person: Places, people: int, draw: np.random.Generator) -> Words:
    day = draw.integers(FIRST_DAY, LAST_DAY, people)[person]
    slips = np.where(draw.random(len(person)) < 0.03, draw.choice(SLIPS, len(person)), 0)
    dates = (np.datetime64("1970-01-01") + (day + slips).astype("timedelta64[D]")).astype(str)
    return _with_gaps(dates.astype(object), draw, 0.12)


def _emails(mailbox: Words, person: Places, shared: float, draw: np.random.Generator) -> Words:
    domain = DOMAINS[np.arange(len(mailbox)) % len(DOMAINS)]
    addresses = mailbox + "@" + domain
    found = addresses[person]
    _change(
        found,
        draw,
        0.10,
        lambda old: np.array([f"x{n}@{DOMAINS[n % 4]}" for n in draw.integers(0, 10**9, len(old))]),
    )
    _change(found, draw, shared, lambda old: addresses[draw.integers(0, len(mailbox), len(old))])
    return _with_gaps(found, draw, 0.25)


def _phones(person: Places, home: Places, households: int, draw: np.random.Generator) -> Words:
    own = "+4930" + (10_000_000 + draw.permutation(len(home))).astype(str).astype(object)
    landline = "+4931" + (10_000_000 + draw.permutation(households)).astype(str).astype(object)
    of_person = np.where(draw.random(len(home)) < 0.25, landline[home], own)
    return _with_gaps(of_person[person], draw, 0.35)


def _addresses(
    lives_at: Places, households: int, draw: np.random.Generator
) -> tuple[Words, Words, Words]:
    """Street and number, city, postcode; city and postcode are missing together."""
    cities, streets = _vocabulary(2_000, draw, 2, 3), _vocabulary(8_000, draw, 2, 3)
    city = draw.choice(len(cities), households, p=_zipf(len(cities), 5.0, 1.0))
    district = city * 20 + draw.integers(0, 20, households)
    numbers = draw.integers(1, 200, households).astype(str).astype(object)
    address = (streets[draw.integers(0, len(streets), households)] + " " + numbers)[lives_at]
    _change(address, draw, 0.05, lambda words: _mistyped(words, draw))
    is_missing = draw.random(len(lives_at)) < 0.1
    towns, codes = cities[city][lives_at], (10_000 + district).astype(str).astype(object)[lives_at]
    towns[is_missing], codes[is_missing] = None, None
    return _with_gaps(address, draw, 0.2), towns, codes


def _vocabulary(size: int, draw: np.random.Generator, fewest: int, most: int) -> Words:
    """Different words of so many syllables and an ending."""
    words: dict[str, None] = {}
    while len(words) < size:
        syllables = draw.integers(0, len(SYLLABLES), draw.integers(fewest, most + 1))
        ending = ENDINGS[draw.integers(0, len(ENDINGS))]
        words["".join(SYLLABLES[place] for place in syllables) + ending] = None
    return np.array(list(words), object)


def _zipf(size: int, offset: float, exponent: float) -> NDArray[np.float64]:
    weights = 1 / (np.arange(size) + offset) ** exponent
    chances: NDArray[np.float64] = weights / weights.sum()
    return chances


def _change(words: Words, draw: np.random.Generator, share: float, change: Change) -> None:
    """Changes a random share of the words in place."""
    chosen = draw.random(len(words)) < share
    words[chosen] = change(words[chosen])


def _with_gaps(words: Words, draw: np.random.Generator, share: float) -> Words:
    words[draw.random(len(words)) < share] = None
    return words


def _mistyped(words: Words, draw: np.random.Generator) -> Words:
    """Each word with one slip: two letters swapped, one left out, one too many, or a wrong one."""
    made = words.copy()
    for place, word in enumerate(words):
        if len(word) < 3:
            continue
        at, kind = int(draw.integers(1, len(word) - 1)), draw.integers(0, 4)
        letter = chr(97 + int(draw.integers(0, 26)))
        made[place] = (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
        )[kind]
    return made
