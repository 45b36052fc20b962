"""The var identity_matching: what is read of it, and what is said when it can't be."""

from typing import Any

import pytest

from regulars.errors import UserError
from regulars.identity.matching import KINDS, Matching, SharedEvidence
from tests.unit.identity.people import DETAILS, config, matching

PARTS = (
    *("links", "probability", "comparisons", "shared_evidence", "keys", "training_keys"),
    *("contradiction_bits", "person_records_cap"),
)


def test_the_var_is_read_as_it_stands() -> None:
    read = Matching.from_config(
        {
            "links": False,
            "probability": "0.75",
            "comparisons": {"first_name": "given_name"},
            "shared_evidence": [{"columns": ["first_name", "city"], "bits": 14}],
            "keys": [["email"], ["first_name", "city"]],
            "training_keys": [["email"]],
            "contradiction_bits": -12,
            "person_records_cap": 50,
        }
    )
    assert read == Matching(
        links=False,
        probability=0.75,
        comparisons={"first_name": "given_name"},
        shared_evidence=(SharedEvidence(("first_name", "city"), 14.0),),
        keys=(("email",), ("first_name", "city")),
        training_keys=(("email",),),
        contradiction_bits=-12.0,
        person_records_cap=50,
    )
    assert read.columns == ("first_name", "email", "city")


def test_the_project_compares_columns_that_details_have() -> None:
    read = matching()
    named = {*read.columns, *(c for key in read.training_keys for c in key)}
    named |= {column for shared in read.shared_evidence for column in shared.columns}
    assert named <= set(DETAILS)
    assert set(read.comparisons.values()) == set(KINDS)


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_part_is_named(part: str) -> None:
    without = config()
    del without[part]
    with pytest.raises(UserError) as raised:
        Matching.from_config(without)
    assert str(raised.value) == (
        f"The var identity_matching has no '{part}': see dbt_project.yml for what it holds."
    )


@pytest.mark.parametrize("part", ["columns", "bits"])
def test_a_missing_part_of_shared_evidence_is_named(part: str) -> None:
    shared = {"columns": ["city"], "bits": 14}
    del shared[part]
    with pytest.raises(UserError, match=f"has no '{part}'"):
        matching(shared_evidence=[shared])


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("probability", "half"),
        ("probability", None),
        ("comparisons", "first_name"),
        ("comparisons", 5),
        ("keys", 5),
        ("keys", [5]),
        ("training_keys", None),
        ("shared_evidence", [5]),
        ("shared_evidence", [{"columns": ["city"], "bits": "many"}]),
        ("contradiction_bits", [1]),
        ("person_records_cap", "fifty"),
    ],
)
def test_a_part_that_can_not_be_read_says_what_to_do(part: str, value: Any) -> None:
    with pytest.raises(UserError) as raised:
        matching(**{part: value})
    said = str(raised.value)
    assert said.startswith("The var identity_matching can't be read (")
    assert said.endswith("): see dbt_project.yml for its form.")


def test_an_unknown_kind_says_which_there_are() -> None:
    with pytest.raises(UserError) as raised:
        matching(comparisons={"first_name": "name"})
    assert str(raised.value) == (
        "The var identity_matching compares first_name as 'name': write one of given_name,"
        " family_name, date, email, phone, code, place."
    )


def test_columns_that_nobody_fills_and_their_keys_are_left_out() -> None:
    part = matching(
        comparisons={"first_name": "given_name", "city": "place", "email": "email"},
        keys=[["email"], ["first_initial", "city"], ["first_name", "email"]],
        training_keys=[["first_name"], ["email"], ["first_initial"]],
    ).of(["first_name", "first_initial", "city"])
    assert part.comparisons == {"first_name": "given_name", "city": "place"}
    assert part.keys == (("first_initial", "city"),)
    # pairs are trained on whose records hold nothing but compared columns
    assert part.training_keys == (("first_name",),)


def test_the_rest_stays_as_it_is() -> None:
    read = matching(links=False, probability=0.9, contradiction_bits=-3, person_records_cap=7)
    part = read.of(["email"])
    for name in (
        *("links", "probability", "shared_evidence", "contradiction_bits", "person_records_cap"),
    ):
        assert getattr(part, name) == getattr(read, name)
    assert read.of(read.columns) == read
