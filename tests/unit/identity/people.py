"""Made-up people for the tests of matching: records of persons, and what is compared of them."""

import copy
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from regulars.identity.matching import Matching

PROJECT = Path(__file__).resolve().parents[3]
MOMENT = datetime(2024, 1, 1)

GIVEN_NAMES = (
    *("anna", "bruno", "carla", "david", "elena", "felix", "greta", "hugo", "irene", "jonas"),
    *("karin", "leon", "marta", "nils", "olga", "peter", "rosa", "simon", "tilda", "victor"),
)
SYLLABLES = ("ber", "dorf", "hal", "kern", "lind", "mann", "nor", "rich", "stein", "wald")
FAMILY_NAMES = tuple(one + other for one in SYLLABLES for other in SYLLABLES)
TOWNS = ("aachen", "bonn", "dresden", "erfurt", "fulda", "goslar", "hamburg", "jena")

DETAILS = (
    *("first_name", "last_name", "birth_date", "email", "phone", "postcode", "city", "address"),
    *("first_initial", "first_name_start", "last_name_start", "first_name_consonants"),
    *("last_name_consonants", "names_sorted", "name_starts_sorted", "birth_year", "birth_month"),
    *("birth_day", "email_user", "phone_end", "address_start"),
)
SCHEMA = pa.schema(
    [
        ("record_number", pa.int64()),
        ("known_at", pa.timestamp("us")),
        *((column, pa.string()) for column in DETAILS),
    ]
)

Person = dict[str, str | None]


def config(**changes: Any) -> dict[str, Any]:
    """The var identity_matching as dbt_project.yml has it, with parts replaced."""
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    found: dict[str, Any] = copy.deepcopy(project["vars"]["identity_matching"])
    return found | changes


def matching(**changes: Any) -> Matching:
    """The same, read."""
    return Matching.from_config(config(**changes))


def persons(count: int, seed: int = 7) -> list[Person]:
    """Different people, who share names, towns and birthdays by chance only."""
    draw = random.Random(seed)
    found: list[Person] = []
    for number in range(count):
        first, last = draw.choice(GIVEN_NAMES), draw.choice(FAMILY_NAMES)
        birthday = datetime(1940, 1, 1) + timedelta(days=draw.randrange(24_000))
        found.append(
            {
                "first_name": first,
                "last_name": last,
                "birth_date": birthday.strftime("%Y-%m-%d"),
                "email": f"{first}.{last}{number}@mail.org",
                "phone": f"+4930{draw.randrange(10**7):07}",
                "postcode": f"{draw.randrange(10_000, 10_000 + max(count, 30))}",
                "city": draw.choice(TOWNS),
                "address": f"{draw.choice(FAMILY_NAMES)}weg {draw.randrange(1, 99)}",
            }
        )
    return found


def mistyped(text: str | None, draw: random.Random) -> str | None:
    """One letter in the middle is another one."""
    if not text:
        return text
    place = draw.randrange(1, len(text) - 1)
    letter = draw.choice("123456789" if text[place].isdigit() else "bcdfgklmnprstvw")
    return text[:place] + letter + text[place + 1 :]


def details(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows of identity_details: what isn't given is missing, and numbers are those of the rows."""
    return pa.Table.from_pylist(
        [
            {"record_number": number, "known_at": MOMENT + timedelta(days=number)}
            | _with_parts(row)
            for number, row in enumerate(rows, start=1)
        ],
        SCHEMA,
    )


def _with_parts(row: Mapping[str, Any]) -> dict[str, Any]:
    first, last, birth, email, phone, address = (
        row.get(name)
        for name in ("first_name", "last_name", "birth_date", "email", "phone", "address")
    )
    found: dict[str, Any] = dict(row)
    if first:
        found["first_initial"], found["first_name_start"] = first[:1], first[:3]
        found["first_name_consonants"] = _consonants(first)
    if last:
        found["last_name_start"], found["last_name_consonants"] = last[:3], _consonants(last)
    if first and last:
        found["names_sorted"] = " ".join(sorted([first, last]))
        found["name_starts_sorted"] = " ".join(sorted([first[:3], last[:3]]))
    if birth:
        found |= {"birth_year": birth[:4], "birth_month": birth[:7], "birth_day": birth[5:]}
    if email:
        found["email_user"] = email.split("@")[0]
    if phone:
        found["phone_end"] = phone[-7:]
    if address:
        found["address_start"] = address[:8]
    return found


def _consonants(name: str) -> str | None:
    return "".join(letter for letter in name if letter not in "aeiouyh ") or None


def shuffled(table: pa.Table, seed: int) -> pa.Table:
    """The same rows in another order."""
    order = list(range(len(table)))
    random.Random(seed).shuffle(order)
    return table.take(pa.array(order, pa.int64()))


def relation(session: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> Any:
    """A table of the session, as dbt.ref() returns one: by its full name."""
    session.register("given_rows", table)
    session.execute(f"create or replace table {name} as from given_rows").fetchall()
    session.unregister("given_rows")
    return session.table(f"memory.main.{name}")


def column(table: pa.Table, *names: str) -> Sequence[Any]:
    """One column's values, or tuples of several."""
    if len(names) == 1:
        return list(table[names[0]].to_pylist())
    return list(zip(*(table[name].to_pylist() for name in names), strict=True))
