"""Figures of drawn customers are those of the rows repeated as often as drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from benchmarks.ablation import weighted_precisions
from benchmarks.bootstrap import difference, resampled
from regulars.training.metrics import weighted_aucs

ROWS = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.1, 0.2, 0.2, 0.7]), st.integers(0, 3)),
    min_size=1,
    max_size=20,
).filter(lambda rows: any(label and times for label, _, times in rows))


@given(ROWS)
def test_average_precision_counts_rows_as_often_as_they_are_drawn(
    rows: list[tuple[bool, float, int]],
):
    labels, scores, times = (np.array(part) for part in zip(*rows, strict=True))
    found = weighted_precisions(labels.astype(int), scores, times[None, :])
    wanted = average_precision_score(np.repeat(labels, times), np.repeat(scores, times))
    assert found == pytest.approx([wanted])


def test_a_customer_is_drawn_for_all_dates_at_once():
    # the customer who is right on one date is wrong on the other: the mean never moves
    labels = np.array([1, 0])
    right, wrong = [np.array([0.9, 0.1])], [np.array([0.1, 0.9])]
    customers = np.array(["a", "b"])
    with np.errstate(invalid="ignore"):
        found = resampled([customers, customers], [labels, labels], [right, wrong], weighted_aucs)
    drawn = found[~np.isnan(found)]
    assert len(drawn) > 150
    assert drawn == pytest.approx(0.5)


def test_draws_are_the_same_for_all_models():
    random = np.random.default_rng(3)
    customers, labels = np.arange(200), random.integers(0, 2, 200)
    scores = random.random(200)
    one, other = (
        resampled([customers], [labels], [[scores * factor]], weighted_aucs) for factor in (1, 2)
    )
    assert difference(one, other) == "+0.0000 [+0.0000, +0.0000]"


def test_a_difference_shows_what_95_percent_of_the_draws_lie_in():
    ours = np.concatenate([[0.8], np.linspace(0.7, 0.9, 1001)])
    assert difference(ours, np.zeros(1002)) == "+0.8000 [+0.7050, +0.8950]"
