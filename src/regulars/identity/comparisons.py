"""How two values of a detail are compared: from the same to different, in levels of agreement.

The levels are Splink's (https://moj-analytical-services.github.io/splink). How much each one
weighs is learnt: m is the chance of it among records of one person, u among any two records.
The chances here are where learning begins, and what is used where there is too little to learn
from; they are rounded from trained models of person records.
"""

import logging
from typing import Any

from splink import SettingsCreator
from splink import comparison_level_library as levels
from splink.comparison_library import CustomComparison
from splink.internals.comparison_creator import ComparisonCreator
from splink.internals.comparison_level_creator import ComparisonLevelCreator

from regulars.identity.matching import Matching

# what it has to say of single levels stands in identity_match_weights
logging.getLogger("splink").setLevel(logging.ERROR)

Level = ComparisonLevelCreator
Chances = dict[tuple[str, int], tuple[float, float]]

OTHER_NAME = {"given_name": "family_name", "family_name": "given_name"}
SWAPPED = "given and family name swapped"
SMALLEST_CHANCE = 5e-4


def splink_settings(
    matching: Matching,
    chances: Chances | None = None,
    probability: float = 0.5,
) -> SettingsCreator:
    """What Splink is asked to do.

    Args:
        matching: only columns that are filled.
        chances: m and u by (column, agreement), as in identity_match_weights; an agreement of 0
            is 'different'.
        probability: that two random records are one person.
    """
    comparisons: list[ComparisonCreator | dict[str, Any]] = []
    for column in matching.comparisons:
        made = levels_of(column, matching)
        for agreement, level in enumerate(reversed(made[1:])):
            if chances:
                m, u = chances[column, agreement]
                level.configure(m_probability=m, u_probability=u)
        comparisons.append(CustomComparison([*made], output_column_name=column))
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_number",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[],
        probability_two_random_records_match=probability,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
        em_convergence=1e-3,
    )


def term_frequencies(column: str, matching: Matching) -> bool:
    """Whether agreeing on a rare value counts for more than on a common one."""
    return matching.comparisons[column] in {"given_name", "family_name", "code", "place"}


def other_names(column: str, matching: Matching) -> list[str]:
    """For a given name the columns with family names, and the other way round."""
    other = OTHER_NAME.get(matching.comparisons[column])
    return [name for name, kind in matching.comparisons.items() if kind == other]


def levels_of(column: str, matching: Matching) -> list[Level]:
    """The levels of a comparison: missing first, then from the same to different."""
    kind = matching.comparisons[column]
    if kind in OTHER_NAME:
        return _name(column, kind, matching)
    return {"date": _date, "email": _email, "phone": _phone, "code": _code, "place": _place}[kind](
        column
    )


def _with_chances(*made: tuple[Level, float]) -> list[Level]:
    return [level.configure(m_probability=m) for level, m in made]


def _name(column: str, kind: str, matching: Matching) -> list[Level]:
    """A name may be mistyped, cut short, or stand where the other name belongs."""
    left, right = f"{column}_l", f"{column}_r"
    others = other_names(column, matching)
    within = (
        f"(length({left}) >= 2 and length({right}) >= 2 and (starts_with({left}, {right})"
        f" or starts_with({right}, {left})"
        f" or (length({left}) > 3 and contains({right}, {left}))"
        f" or (length({right}) > 3 and contains({left}, {right}))))"
    )
    missing = f"{left} is null or {right} is null"
    swapped = []
    if others:
        is_swapped = (
            f"({left} <> {right} and jaro_winkler_similarity({left}, {others[0]}_r) >= 0.88"
            f" and jaro_winkler_similarity({others[0]}_l, {right}) >= 0.88)"
        )
        if kind == "given_name":
            swapped = [(levels.CustomLevel(is_swapped, SWAPPED), 0.03)]
        else:  # it counts once, with the given name
            missing = f"{missing} or {is_swapped}"
    return [
        levels.CustomLevel(missing, "missing").configure(is_null_level=True),
        *_with_chances(
            (levels.ExactMatchLevel(column, term_frequency_adjustments=True), 0.7),
            (levels.JaroWinklerLevel(column, 0.92), 0.1),
            (levels.CustomLevel(within, "one is part of the other"), 0.05),
            *swapped,
            (levels.JaroWinklerLevel(column, 0.8), 0.05),
            (levels.ElseLevel(), 0.07),
        ),
    ]


def _date(column: str) -> list[Level]:
    """A date may be mistyped; day and month may have changed places."""
    left, right = f"{column}_l", f"{column}_r"
    day_and_month = (
        f"damerau_levenshtein({left}, {right}) <= 1 or ("
        f"substr({left}, 1, 4) = substr({right}, 1, 4)"
        f" and substr({left}, 6, 2) = substr({right}, 9, 2)"
        f" and substr({left}, 9, 2) = substr({right}, 6, 2))"
    )
    return [
        levels.NullLevel(column),
        *_with_chances(
            (levels.ExactMatchLevel(column), 0.82),
            (levels.CustomLevel(day_and_month, "one edit, or day and month swapped"), 0.06),
            (levels.DamerauLevenshteinLevel(column, 2), 0.04),
            (
                levels.CustomLevel(
                    f"substr({left}, 1, 4) = substr({right}, 1, 4)", "the same year"
                ),
                0.02,
            ),
            (
                levels.CustomLevel(
                    f"substr({left}, 6) = substr({right}, 6)", "the same day of the year"
                ),
                0.01,
            ),
            (levels.ElseLevel(), 0.05),
        ),
    ]


def _same_digits(left: str, right: str) -> str:
    digits = "regexp_replace({}, '[^0-9]', '', 'g')"
    return f"{digits.format(left)} = {digits.format(right)}"


def _email(column: str) -> list[Level]:
    """A mailbox may be mistyped, or be one of several of a person's own.

    anna.muller2 and anna.muller7 are two people: the digits must be the same.
    """
    left, right = f"split_part({column}_l, '@', 1)", f"split_part({column}_r, '@', 1)"
    similar = f"jaro_winkler_similarity({left}, {right}) >= 0.9 and {_same_digits(left, right)}"
    return [
        levels.NullLevel(column),
        *_with_chances(
            (levels.ExactMatchLevel(column), 0.7),
            (levels.CustomLevel(f"{left} = {right}", "the same before the @"), 0.1),
            (levels.CustomLevel(similar, "similar before the @"), 0.08),
            (levels.ElseLevel(), 0.12),
        ),
    ]


def _phone(column: str) -> list[Level]:
    """A number may be written with another country's or town's code."""
    left, right = f"{column}_l", f"{column}_r"
    return [
        levels.NullLevel(column),
        *_with_chances(
            (levels.ExactMatchLevel(column), 0.8),
            (
                levels.CustomLevel(
                    f"right({left}, 7) = right({right}, 7)", "the same last seven digits"
                ),
                0.05,
            ),
            (levels.ElseLevel(), 0.15),
        ),
    ]


def _code(column: str) -> list[Level]:
    return [
        levels.NullLevel(column),
        *_with_chances(
            (levels.ExactMatchLevel(column, term_frequency_adjustments=True), 0.8),
            (levels.DamerauLevenshteinLevel(column, 1), 0.06),
            (levels.ElseLevel(), 0.14),
        ),
    ]


def _place(column: str) -> list[Level]:
    """A street or town may be mistyped; another number in the same street is another place."""
    left, right = f"{column}_l", f"{column}_r"
    similar = f"jaro_winkler_similarity({left}, {right}) >= 0.88"
    same_digits = f"{similar} and {_same_digits(left, right)}"
    return [
        levels.NullLevel(column),
        *_with_chances(
            (levels.ExactMatchLevel(column, term_frequency_adjustments=True), 0.75),
            (levels.CustomLevel(same_digits, "similar, with the same digits"), 0.1),
            (levels.CustomLevel(similar, "similar, with other digits"), 0.02),
            (levels.ElseLevel(), 0.13),
        ),
    ]
