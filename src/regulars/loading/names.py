"""Names of tables and columns."""

import re
import unicodedata


def snake_case(name: str) -> str:
    """A name in snake_case and plain ASCII: 'Customer ID', 'CustomerID' → 'customer_id'.

    Returns an empty string when no letter or digit is left.
    """
    plain = (
        unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()
    )
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", plain)
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words)
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def distinct(names: list[str]) -> list[str]:
    """The same names, the second of a kind marked ' (2)', the third ' (3)', …"""
    taken: set[str] = set()
    result = []
    for name in names:
        number, candidate = 1, name
        while candidate in taken:
            number += 1
            candidate = f"{name} ({number})"
        taken.add(candidate)
        result.append(candidate)
    return result
