"""Features that are text: how they become numbers, and what happens to values that came later."""

from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from regulars.engines.duckdb import DuckDBEngine
from regulars.errors import UserError
from regulars.training import booster as boosting
from regulars.training import categories as known_by
from regulars.training.categories import codes, known_categories, unseen_count
from regulars.training.matrix import Matrix, read_training_matrix, to_values

KNOWN = ("at", "de", "fr")


def test_numbers_follow_the_alphabet_whatever_the_order_of_rows() -> None:
    values = pa.chunked_array([["fr", None, "de"], ["de", "at", "fr"]])
    assert known_categories("country", values) == KNOWN
    assert known_categories("country", pa.chunked_array([values.chunk(1), ["fr"]])) == KNOWN
    assert known_categories("country", pa.chunked_array([pa.nulls(3, pa.string())])) == ()


def test_a_new_category_gets_the_next_number_and_null_stays_missing() -> None:
    found = codes(pa.array(["fr", "it", None, "at", "de", "At"]), KNOWN)
    np.testing.assert_array_equal(found, np.float32([2, 3, np.nan, 0, 1, 3]))
    np.testing.assert_array_equal(codes(pa.array(["it", None]), ()), np.float32([0, np.nan]))


def test_new_categories_are_counted_by_customer() -> None:
    batch = pa.record_batch(
        {
            "country": ["de", "it", None, "it"],
            "plan": ["new", "basic", None, "new"],
            "ignored": ["x"] * 4,
        }
    )
    known = {"country": KNOWN, "plan": ["basic"]}
    values = to_values(batch, ("plan", "country"), known)
    assert unseen_count(values, ("plan", "country"), known).tolist() == [1, 1, 0, 2]


def test_what_differs_for_everybody_is_no_category(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_by, "MOST_CATEGORIES", 2)
    with pytest.raises(UserError, match=r"^The feature country has 3 different values, .* 2: "):
        known_categories("country", pa.chunked_array([["fr", "de", "at"]]))


# every second country buys, and who has none doesn't: no limit between numbers tells them apart
COUNTRIES = """
    select
        'customer ' || customer as customer_id,
        date '2024-01-01' as as_of_date,
        case when customer % 9 < 8 then 'country ' || customer % 9 end as country,
        (hash(customer) % 100)::integer as noise,
        (customer % 9 < 8 and customer % 9 % 2 = 0)::integer as label
    from range(1800) as customers(customer)
"""
ONE_SPLIT: dict[str, Any] = {"rounds": 1, "max_depth": 1, "learning_rate": 1, "nthread": 1}


@pytest.fixture
def matrix() -> Matrix:
    engine = DuckDBEngine(duckdb.connect())
    return read_training_matrix(engine, engine.session.sql(COUNTRIES))


def test_text_is_read_as_numbers_with_their_meaning(matrix: Matrix) -> None:
    assert matrix.features == ("country", "noise")
    assert matrix.categories == {"country": tuple(f"country {n}" for n in range(8))}
    found = matrix.values[:, 0]
    assert np.isnan(found).sum() == 200
    assert np.array_equal(found % 2 == 0, matrix.labels == 1)
    assert matrix.only(["noise"]).categories == {}
    assert matrix.where(matrix.labels == 1).categories == matrix.categories


def test_one_split_parts_the_categories(matrix: Matrix) -> None:
    """And one that came later isn't among those that the split names; null has its own side."""
    asked = np.array([[0, 5], [1, 5], [6, 5], [7, 5], [8, 5], [np.nan, 5]], np.float32)
    parted = boosting.predict(boosting.fit(matrix, ONE_SPLIT), asked).round(2)
    assert parted[0] == parted[2]
    assert parted[1] == parted[3] == parted[5]
    assert parted[0] > 0.8
    assert parted[1] < 0.2
    ordered = boosting.predict(boosting.fit(replace(matrix, categories={}), ONE_SPLIT), asked)
    assert np.ptp(ordered) < 0.5, "as numbers they can't be parted by one limit"
    assert parted[4] in (parted[0], parted[1])


def test_a_booster_of_categories_is_kept_whole(matrix: Matrix) -> None:
    parameters = {**ONE_SPLIT, "rounds": 20, "max_depth": 3}
    booster = boosting.fit(matrix, parameters)
    raw = boosting.to_bytes(booster)
    (again,) = boosting.from_bytes([raw], boosting.digest([raw]))
    assert np.array_equal(
        boosting.predict(booster, matrix.values), boosting.predict(again, matrix.values)
    )
    for method in ("approximate", "exact"):
        added = boosting.contributions(again, matrix.values, method)
        assert (np.abs(added[:, 0]) > np.abs(added[:, 1])).mean() > 0.99


def test_trees_are_counted_with_categories(matrix: Matrix) -> None:
    """Early stopping sees the later day's categories by the same numbers."""
    rows = np.arange(len(matrix))
    older, newer = matrix.where(rows % 2 == 0), matrix.where(rows % 2 == 1)
    assert boosting.rounds_until_no_better(older, newer, {**ONE_SPLIT, "rounds": 30}, 5) == 1
