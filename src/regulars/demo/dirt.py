"""What is wrong with what the company has written down: every kind of dirt, and how much of it.

docs/reference/demo-dirt.md shows this table; a test keeps the two equal.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from regulars.demo import names
from regulars.demo.calendar import Bools, Ints
from regulars.demo.settings import Dirt

# typed to get past a form; the seed junk_identifiers knows them
JUNK_EMAILS = ("test@test.com", "noreply@example.com", "unknown@unknown.com")
TEST_EMAIL = "test@example.com"
ROLES = ("info", "office", "buero", "contact")
ROLE_DOMAINS = 40  # companies with such an address in each block of people
SHARED_PHONE = "+49 800 5550000"
OTHER_CURRENCIES = ("DKK", "NOK", "SEK")
_HEAVY = 4  # times the normal rate


class Kind(NamedTuple):
    """A kind of dirt: which rows it spoils, how many of them, and where they should end.

    `ends` is 'kept', 'quarantined', 'deduplicated', 'cleaned' (harmless after cleaning),
    'not linked' (the identifier ties nobody) or 'suppressed' (past the cap on records).
    """

    name: str
    table: str
    rate: float  # of the table's rows, at the level `normal`
    what: str
    ends: str
    reason: str = ""


KINDS = (
    Kind("typo", "raw_crm.profiles", 0.02, "two letters of the last name swapped", "kept"),
    Kind("nickname", "raw_crm.profiles", 0.05, "first name cut to its first syllable", "kept"),
    Kind("encoding_damage", "raw_crm.profiles", 0.02, "UTF-8 read as Latin-1: MÃ¼ller", "kept"),
    Kind("junk_email", "raw_crm.profiles", 0.01, "an address that nobody has", "not linked"),
    Kind("role_email", "raw_crm.profiles", 0.004, "info@, office@: one for a whole firm", "kept"),
    Kind("email_collision", "raw_crm.profiles", 0.003, "another person's e-mail address", "kept"),
    Kind("shared_phone", "raw_crm.profiles", 0.01, "the call centre's number", "suppressed"),
    Kind("odd_case", "raw_shop.accounts", 0.08, "e-mail in capitals", "cleaned"),
    Kind("blanks", "raw_shop.accounts", 0.04, "e-mail with blanks around it", "cleaned"),
    Kind("plus_address", "raw_shop.accounts", 0.02, "e-mail with +shop before the @", "cleaned"),
    Kind("test_account", "raw_shop.accounts", 0.003, "an account of nobody", "not linked"),
    Kind("typo", "raw_store.cards", 0.04, "two letters of the last name swapped", "kept"),
    Kind("other_currency", "raw_shop.orders", 0.004, "DKK, NOK or SEK instead of EUR",
         "quarantined", "currency_without_rate"),
    Kind("bad_quantity", "raw_shop.order_items", 0.003, "a quantity of 0 or -1",
         "quarantined", "quantity_not_positive"),
    Kind("no_product", "raw_shop.order_items", 0.001, "no product", "kept"),
    Kind("twice", "raw_shop.order_items", 0.001, "the row a second time",
         "deduplicated", "repeated_in_the_same_file"),
    Kind("negative_price", "raw_store.receipt_items", 0.002, "a price below zero",
         "quarantined", "unit_price_not_positive"),
    Kind("wrong_zone", "raw_store.receipts", 0.004, "UTC printed instead of local time", "kept"),
    Kind("late", "raw_store.receipts", 0.01, "loaded one to five days late", "kept"),
    Kind("late", "raw_web.hits", 0.005, "loaded one to five days late", "kept"),
    Kind("twice", "raw_web.hits", 0.002, "the row a second time",
         "deduplicated", "repeated_in_the_same_file"),
    Kind("future", "raw_web.hits", 0.0005, "a clock that is years ahead",
         "quarantined", "occurred_after_loading"),
    Kind("nobody", "raw_web.hits", 0.01, "no cookie and no device",
         "quarantined", "missing_source_record_id"),
    Kind("twice", "raw_messages.sends", 0.001, "the row a second time",
         "deduplicated", "repeated_in_the_same_file"),
    Kind("late", "raw_messages.responses", 0.01, "loaded one to five days late", "kept"),
)  # fmt: skip


def rate(kind: Kind, level: Dirt) -> float:
    """The share of the table's rows that a kind spoils."""
    return kind.rate * {"none": 0, "normal": 1, "heavy": _HEAVY}[level]


@dataclass(frozen=True)
class Spoiled:
    """Which rows of a piece of a raw table are spoiled how: at most one way each.

    Attributes:
        table: schema.table.
        kind: one element per row: an index into the table's kinds, -1 for clean rows.
    """

    table: str
    kind: Ints

    def by(self, name: str) -> Bools:
        """The rows that are spoiled by a kind."""
        found: Bools = self.kind == [kind.name for kind in _kinds(self.table)].index(name)
        return found

    def late_days(self, rng: np.random.Generator) -> Ints:
        """One to five days for rows that come late, 0 for the others."""
        return np.where(self.by("late"), rng.integers(1, 6, len(self.kind)), 0)

    def twice(self) -> Ints:
        """Row numbers, those of rows that come twice two times."""
        return np.repeat(np.arange(len(self.kind)), 1 + self.by("twice"))

    def truth(self, keys: pa.Array, loaded: pa.Array) -> pa.Table:
        """The rows of `truth.dirt`: what was spoiled, by the key of its row."""
        row = pa.array(np.flatnonzero(self.kind >= 0))
        kinds = pa.array([kind.name for kind in _kinds(self.table)], type=pa.string())
        return pa.table({
            "table_name": pa.array([self.table] * len(row), type=pa.string()),
            "row_key": keys.take(row),
            "kind": kinds.take(pa.array(self.kind).take(row)),
            "loaded_at": loaded.take(row),
        })  # fmt: skip


def spoil(
    table: str, count: int, level: Dirt, rng: np.random.Generator, may: Bools | None = None
) -> Spoiled:
    """Chooses which of so many rows are spoiled; only those that `may`."""
    edges = np.cumsum([rate(kind, level) for kind in _kinds(table)])
    kind = np.searchsorted(edges, rng.random(count), side="right")
    is_spoiled = kind < len(edges) if may is None else (kind < len(edges)) & may
    return Spoiled(table, np.where(is_spoiled, kind, -1))


def _kinds(table: str) -> list[Kind]:
    return [kind for kind in KINDS if kind.table == table]


def swap_letters(texts: names.Texts, rng: np.random.Generator) -> names.Texts:
    """Two neighbouring letters of each text swapped, not the first one."""
    swapped = []
    for text, share in zip(texts.tolist(), rng.random(len(texts)).tolist(), strict=True):
        place = 1 + int(share * max(len(text) - 2, 1))
        swapped.append(
            text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :]
        )
    return np.array(swapped, dtype=np.str_)


def nickname(first_names: names.Texts) -> names.Texts:
    """The first three letters, or four where the third is a vowel."""
    short = [name[: 4 if name[2:3] in "aeiou" else 3] for name in first_names.tolist()]
    return np.array(short, dtype=np.str_)


def tagged(emails: names.Texts) -> names.Texts:
    """E-mail addresses with a tag, by which some people see who sold them."""
    return np.array([email.replace("@", "+shop@") for email in emails.tolist()], dtype=np.str_)


def misread(texts: names.Texts) -> names.Texts:
    """UTF-8 that was read as Latin-1; texts in plain ASCII stay as they are."""
    return np.array([text.encode().decode("latin-1") for text in texts.tolist()], dtype=np.str_)


def put(values: names.Texts, where: Bools, others: names.Texts) -> names.Texts:
    """The values, with others where it says so; `others` has one element per such place."""
    length = max(values.dtype.itemsize, others.dtype.itemsize) // 4 or 1
    changed = values.astype(f"<U{length}")
    changed[where] = others
    return changed
