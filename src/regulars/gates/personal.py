"""Which columns may hold personal data: their values stand in no suite, no result and no report."""

import re

# parts of a column's name, as between underscores
PERSONAL_PARTS = {
    "address",
    "birth",
    "birthday",
    "birthdate",
    "email",
    "forename",
    "iban",
    "ip",
    "mail",
    "mobile",
    "phone",
    "postcode",
    "street",
    "surname",
    "zip",
}
# whole names: people's, and text that may hold anything
PERSONAL_NAMES = {
    "attributes",
    "city",
    "family_name",
    "first_name",
    "full_name",
    "given_name",
    "identifier_value",
    "last_name",
    "maiden_name",
    "middle_name",
    "name",
    "profile_value",
    "properties",
    "row_content",
    "town",
}
# what an address, a phone number or JSON look like, whatever the column is called
PERSONAL_TEXT = re.compile(r"@|^\s*[{\[]|(\d[\s()./-]*){7,}")


def is_personal(column: str) -> bool:
    """Whether a column may hold personal data, by its name."""
    name = column.lower()
    return name in PERSONAL_NAMES or bool(PERSONAL_PARTS & set(name.split("_")))


def looks_personal(text: str) -> bool:
    """Whether a text is like an e-mail address, a long number or JSON, whatever its column."""
    return bool(PERSONAL_TEXT.search(text))
