"""What is left out of a training, and what stops it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from regulars.training.checks import (
    ROWS_TO_SUSPECT,
    TrainingRefusedError,
    check_no_leak,
    single_auc,
    useless_features,
)
from regulars.training.matrix import Matrix

NAN = np.nan


def matrix(labels: np.ndarray, **features: np.ndarray) -> Matrix:
    values = np.column_stack(list(features.values())).astype(np.float32)
    days = np.zeros(len(labels), "datetime64[D]")
    return Matrix(tuple(features), values, labels.astype(np.float32), days)


def test_features_that_say_the_same_of_everybody_are_named_with_what_they_say() -> None:
    found = useless_features(
        matrix(
            np.array([0, 1, 0]),
            empty=np.array([NAN, NAN, NAN]),
            zero=np.array([0, 0, 0]),
            half=np.array([0.5, 0.5, 0.5]),
            at_times=np.array([0, NAN, 0]),
            at_first=np.array([NAN, 0, 0]),
            differs=np.array([0, 0, 1]),
        )
    )
    assert found == {"empty": "always missing", "zero": "always 0", "half": "always 0.5"}


def test_a_feature_that_differs_late_is_kept() -> None:
    labels, late, last = np.zeros(3000), np.zeros(3000), np.full(3000, NAN)
    late[1000:] = 1
    last[-1] = 0
    assert useless_features(matrix(labels, late=late, last=last, zero=labels)) == {
        "zero": "always 0"
    }


VALUES = st.lists(st.one_of(st.integers(-3, 3), st.just(NAN)), min_size=1, max_size=30)


@given(VALUES, VALUES)
def test_how_well_one_feature_does_is_what_the_curve_says(above: list, below: list) -> None:
    labels = np.repeat([1, 0], [len(above), len(below)])
    curves = [
        roc_auc_score(labels, np.nan_to_num(np.array(above + below, float), nan=missing))
        for missing in (-9, 9)
    ]
    expected = max(*curves, *(1 - curve for curve in curves))
    assert single_auc(np.array(above, float), np.array(below, float)) == pytest.approx(expected)


@pytest.mark.parametrize("way", [1, -1])
def test_a_feature_that_tells_the_label_alone_is_named(way: int) -> None:
    random = np.random.default_rng(1)
    labels = np.arange(1000) % 10 == 0
    given_rows = matrix(
        labels, honest=labels + random.normal(0, 1, 1000), closed_at=way * labels + 5
    )
    with pytest.raises(TrainingRefusedError, match=r"alone: closed_at \(AUC 1\.000\)\. Does"):
        check_no_leak(given_rows)
    check_no_leak(given_rows.only(["honest"]))


def test_missing_for_one_class_only_is_a_leak() -> None:
    labels = np.arange(1000) % 2
    cancelled_on = np.where(labels == 1, np.arange(1000), NAN)
    with pytest.raises(TrainingRefusedError, match="cancelled_on"):
        check_no_leak(matrix(labels, cancelled_on=cancelled_on))


@pytest.mark.parametrize(("spoilt", "is_leak"), [(0.03, True), (0.06, False)])
def test_the_line_is_drawn_at_98(spoilt: float, is_leak: bool) -> None:
    """Turned round for a share of the positives, the AUC of 0 and 1 is 1 - half the share."""
    labels = np.arange(20_000) % 2
    turned = (np.arange(20_000) // 2) % 100 < 100 * spoilt
    feature = np.where(labels == 1, ~turned, 0)
    if is_leak:
        with pytest.raises(TrainingRefusedError):
            check_no_leak(matrix(labels, feature=feature))
    else:
        check_no_leak(matrix(labels, feature=feature))


def with_country(labels: np.ndarray, countries: np.ndarray) -> Matrix:
    known = tuple(f"country {number}" for number in range(int(np.nanmax(countries)) + 1))
    return replace(matrix(labels, country=countries), categories={"country": known})


def test_a_category_that_tells_the_label_alone_is_named() -> None:
    """As numbers they would tell nothing: every second one is of class 1."""
    labels = np.arange(4000) % 2
    numbers = np.random.default_rng(1).integers(0, 20, 4000) * 2
    with pytest.raises(TrainingRefusedError, match=r"alone: country \(AUC 1\.000\)"):
        check_no_leak(with_country(labels, (numbers + labels).astype(float)))
    check_no_leak(matrix(labels, country=numbers + labels))
    missing = np.where(labels == 1, np.nan, numbers)
    with pytest.raises(TrainingRefusedError, match="country"):
        check_no_leak(with_country(labels, missing))


def test_a_category_of_few_customers_is_no_leak() -> None:
    """Each tells the labels of the rows that it was learnt from, and no others."""
    random = np.random.default_rng(2)
    labels = random.integers(0, 2, 600)
    check_no_leak(with_country(labels, random.integers(0, 1000, 600).astype(float)))


def test_a_category_that_all_have_is_left_out_by_its_name() -> None:
    alike = with_country(np.array([0, 1, 0]), np.array([1.0, 1.0, 1.0]))
    assert useless_features(alike) == {"country": "always country 1"}


def test_of_many_rows_some_of_all_days_are_looked_at() -> None:
    """A feature that tells the label of the first half of the days only is no leak."""
    rows = 5 * ROWS_TO_SUSPECT
    labels = np.arange(rows) % 2
    feature = np.where(np.arange(rows) < rows / 2, labels, 0.5)
    check_no_leak(matrix(labels, feature=feature))
