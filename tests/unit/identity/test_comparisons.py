"""Which level of agreement two values get, by the SQL that Splink makes of the levels."""

from typing import Any

import duckdb
import pytest
from splink.internals.comparison_level_creator import ComparisonLevelCreator

from regulars.identity.comparisons import (
    levels_of,
    splink_settings,
    term_frequencies,
)
from tests.unit.identity.people import matching

MISSING = -1
COLUMN_OF = {
    "given_name": "first_name",
    "family_name": "last_name",
    "date": "birth_date",
    "email": "email",
    "phone": "phone",
    "code": "postcode",
    "place": "city",
}
BEFORE_AT, DIGITS = "the same before the @", "similar, with other digits"
EDITED, SWAPPED = "one edit, or day and month swapped", "given and family name swapped"
PART, SAME_YEAR, SAME_DAY = (
    "one is part of the other",
    "the same year",
    "the same day of the year",
)
SAME, ELSE = "Exact match on {}", "All other comparisons"

CASES = [
    ("given_name", "anna", "anna", SAME),
    ("given_name", "johannes", "johanes", "Jaro-Winkler distance of first_name >= 0.92"),
    ("given_name", "alex", "alexandra", PART),
    ("given_name", "anna lena", "lena", PART),
    ("given_name", "marie", "anne marie", PART),
    # three letters within a word are chance
    ("given_name", "ria", "maria", ELSE),
    ("given_name", "nor", "eleonore", ELSE),
    # an initial is no name
    ("given_name", "a", "bcdea", ELSE),
    ("given_name", "martin", "maren", "Jaro-Winkler distance of first_name >= 0.8"),
    ("given_name", "anna", "boris", ELSE),
    ("family_name", "muller", "muller", SAME),
    ("family_name", "schmidt", "schmitd", "Jaro-Winkler distance of last_name >= 0.92"),
    ("family_name", "meyer lansky", "lansky", PART),
    ("family_name", "kerndorf", "kernwald", "Jaro-Winkler distance of last_name >= 0.8"),
    ("family_name", "kern", "lindwald", ELSE),
    ("date", "1980-02-11", "1980-02-11", SAME),
    ("date", "1980-02-11", "1980-02-12", EDITED),
    ("date", "1980-12-05", "1980-05-12", EDITED),
    ("date", "1980-07-11", "1980-11-07", EDITED),
    ("date", "1980-02-11", "1980-20-11", EDITED),
    ("date", "1981-07-11", "1980-11-07", ELSE),
    ("date", "1980-02-11", "1980-03-12", "Damerau-Levenshtein distance of birth_date <= 2"),
    ("date", "1980-02-11", "1980-11-27", SAME_YEAR),
    ("date", "1980-02-11", "1857-02-11", SAME_DAY),
    ("date", "1980-02-11", "1957-11-30", ELSE),
    ("email", "ann@x.org", "ann@x.org", SAME),
    ("email", "ann@x.org", "ann@y.com", BEFORE_AT),
    ("email", "anna.muller@x.org", "anna.mueller@x.org", "similar before the @"),
    ("email", "anna.muller2@x.org", "ana.muller2@y.org", "similar before the @"),
    ("email", "anna.muller2@x.org", "anna.muller7@x.org", ELSE),
    ("email", "anna.muller@x.org", "anna.muller7@x.org", ELSE),
    ("email", "ann@x.org", "bob@x.org", ELSE),
    ("phone", "+49301234567", "+49301234567", SAME),
    ("phone", "+49301234567", "0301234567", "the same last seven digits"),
    ("phone", "+49301234567", "+49301234568", ELSE),
    ("code", "53111", "53111", SAME),
    ("code", "53111", "53117", "Damerau-Levenshtein distance of postcode <= 1"),
    ("code", "53111", "35111", "Damerau-Levenshtein distance of postcode <= 1"),
    ("code", "53111", "10115", ELSE),
    ("place", "lindenweg 12", "lindenweg 12", SAME),
    ("place", "lindenweg 12", "lindnweg 12", "similar, with the same digits"),
    ("place", "lindenweg 12", "lindenweg 13", DIGITS),
    ("place", "lindenweg 1", "lindenweg 12", DIGITS),
    ("place", "lindenweg 12", "hauptstrasse 4", ELSE),
]


def sql_of(level: ComparisonLevelCreator) -> str:
    return str(level.create_level_dict("duckdb")["sql_condition"])


def label_of(level: ComparisonLevelCreator) -> str:
    return str(level.create_level_dict("duckdb")["label_for_charts"])


def levels_between(
    left: dict[str, Any], right: dict[str, Any], comparisons: dict[str, str] | None = None
) -> dict[str, str]:
    """The label of the level that two records get, by column; the first that is true counts."""
    chosen = matching(**({"comparisons": comparisons} if comparisons else {}))
    given = ", ".join(
        f"?::varchar as {column}_{side}" for side in "lr" for column in chosen.comparisons
    )
    values = [side.get(column) for side in (left, right) for column in chosen.comparisons]
    found = {}
    for column in chosen.comparisons:
        levels = levels_of(column, chosen)
        cases = " ".join(
            f"when {sql_of(level)} then {place}" for place, level in enumerate(levels[:-1])
        )
        ((place,),) = duckdb.execute(
            f"select case {cases} else {len(levels) - 1} end from (select {given})", values
        ).fetchall()
        found[column] = "missing" if place == 0 else label_of(levels[place])
    return found


@pytest.mark.parametrize(("kind", "one", "other", "level"), CASES)
def test_values_get_their_level_both_ways(kind: str, one: str, other: str, level: str) -> None:
    column = COLUMN_OF[kind]
    expected = level.format(column)
    assert levels_between({column: one}, {column: other})[column] == expected
    assert levels_between({column: other}, {column: one})[column] == expected


def test_all_kinds_have_cases_for_all_levels() -> None:
    for kind, column in COLUMN_OF.items():
        labels = {label_of(level) for level in levels_of(column, matching())[1:]}
        cased = {level.format(column) for of, _, _, level in CASES if of == kind}
        assert labels - {SWAPPED} == cased


@pytest.mark.parametrize("column", COLUMN_OF.values())
def test_what_is_missing_says_nothing(column: str) -> None:
    filled = {column: "1980-02-11"}
    for left, right in ((filled, {}), ({}, filled), ({}, {})):
        assert levels_between(left, right)[column] == "missing"


@pytest.mark.parametrize(
    ("right_first", "right_last"),
    [("muller", "anna"), ("mueller", "anna"), ("muller", "ana")],
)
def test_swapped_names_count_once_both_ways(right_first: str, right_last: str) -> None:
    one = {"first_name": "anna", "last_name": "muller"}
    other = {"first_name": right_first, "last_name": right_last}
    for left, right in ((one, other), (other, one)):
        found = levels_between(left, right)
        assert (found["first_name"], found["last_name"]) == (SWAPPED, "missing")


def test_two_names_that_are_alike_are_not_swapped() -> None:
    """anna anna and anna anna: the same, and not each other's."""
    same = {"first_name": "anna", "last_name": "anna"}
    found = levels_between(same, same)
    assert found["first_name"] == "Exact match on first_name"
    assert found["last_name"] == "Exact match on last_name"
    # one of the two swapped is not both swapped
    found = levels_between(
        {"first_name": "anna", "last_name": "muller"}, {"first_name": "muller", "last_name": "kern"}
    )
    assert (found["first_name"], found["last_name"]) == (ELSE, ELSE)


def test_a_swap_is_not_looked_for_where_only_one_name_is_compared() -> None:
    for column, kind in (("first_name", "given_name"), ("last_name", "family_name")):
        labels = [
            label_of(level) for level in levels_of(column, matching(comparisons={column: kind}))
        ]
        assert SWAPPED not in labels
        assert levels_between({column: "anna"}, {column: "muller"}, {column: kind}) == {
            column: ELSE
        }


@pytest.mark.parametrize("kind", COLUMN_OF)
def test_what_is_missing_comes_first_and_the_same_is_likeliest_to_begin_with(
    kind: str,
) -> None:
    levels = levels_of(COLUMN_OF[kind], matching())
    assert levels[0].create_level_dict("duckdb")["is_null_level"] is True
    assert label_of(levels[-1]) == ELSE
    begun = [level.create_level_dict("duckdb")["m_probability"] for level in levels[1:]]
    assert 0.95 < sum(begun) < 1.0001
    assert begun[0] == max(begun)


def test_rare_values_count_for_more_where_they_may_be_shared() -> None:
    told = {kind: term_frequencies(column, matching()) for kind, column in COLUMN_OF.items()}
    assert [kind for kind, counts in told.items() if counts] == [
        *("given_name", "family_name", "code", "place"),
    ]
    for kind, column in COLUMN_OF.items():
        adjusted = levels_of(column, matching())[1].create_level_dict("duckdb")
        assert bool(adjusted.get("tf_adjustment_column")) == told[kind]


def test_learnt_chances_go_to_their_levels() -> None:
    """Agreement counts from different, 0, upwards; Splink's levels from the same downwards."""
    chosen = matching(comparisons={"postcode": "code"})
    chances = {
        ("postcode", 0): (0.1, 0.9),
        ("postcode", 1): (0.2, 0.08),
        ("postcode", 2): (0.7, 0.02),
    }
    settings = splink_settings(chosen, chances, 0.25).create_settings_dict("duckdb")
    levels = settings["comparisons"][0]["comparison_levels"]
    told = [
        (level["label_for_charts"], level["m_probability"], level["u_probability"])
        for level in levels[1:]
    ]
    assert told == [
        ("Exact match on postcode", 0.7, 0.02),
        ("Damerau-Levenshtein distance of postcode <= 1", 0.2, 0.08),
        (ELSE, 0.1, 0.9),
    ]
    assert settings["probability_two_random_records_match"] == 0.25
