"""Old scores against what came, on small tables worked out by hand."""

from datetime import date
from typing import Any

import duckdb
import numpy as np
import pytest

from regulars.engines import engine_of
from regulars.monitoring.performance import (
    PERFORMANCE_SCHEMA,
    amount_figures,
    judge_outcomes,
    probability_figures,
)

DAY = date(2024, 5, 1)
KEYS = ("segment_kind", "segment", "scored_by")


def judged(rows: str, predictions: dict[str, Any]) -> list[dict[str, Any]]:
    """What is made of these rows of score_outcomes."""
    session = duckdb.connect()
    relation = session.sql(
        "select customer_id, prediction, score_date::date as score_date, 30::integer as"
        " horizon_days, 'm1' as model_id, score::double as score, lower::double as score_lower,"
        " upper::double as score_upper, rules::double as rules_score, outcome::double as outcome,"
        f" rfm_segment, purchases_rank from (values {rows}) as given (customer_id, prediction,"
        " score_date, score, lower, upper, rules, outcome, rfm_segment, purchases_rank)"
    )
    table = judge_outcomes(engine_of(session), relation, predictions)
    assert table.schema == PERFORMANCE_SCHEMA
    return table.to_pylist()


PURCHASES = """
('c1', 'purchase', '2024-05-01', 0.9, null, null, 0.2, 1, 'champions', 1),
('c2', 'purchase', '2024-05-01', 0.4, null, null, 0.3, 0, 'champions', 2),
('c3', 'purchase', '2024-05-01', 0.5, null, null, 0.4, 1, 'lost', 3),
('c4', 'purchase', '2024-05-01', 0.6, null, null, null, 0, 'lost', 4),
('c1', 'purchase', '2024-05-02', 0.9, null, null, null, 1, 'champions', 1)
"""


def test_days_segments_and_who_scored() -> None:
    rows = judged(PURCHASES, {"purchase": {}})
    found = {(row["score_date"].day, *(row[key] for key in KEYS)): row for row in rows}
    assert len(found) == len(rows)
    both = [
        (1, kind, segment)
        for kind, segment in (
            ("all", "all"),
            ("rfm_segment", "champions"),
            ("rfm_segment", "lost"),
            ("purchases", "power_users"),
            ("purchases", "long_tail"),
        )
    ]
    # the day after has one customer: a power user, and no tail
    alone = [(2, "all", "all"), (2, "rfm_segment", "champions"), (2, "purchases", "power_users")]
    assert set(found) == {
        *((*key, "model") for key in both + alone),
        *((*key, "rules") for key in both),
    }
    everybody = found[1, "all", "all", "model"]
    assert everybody["customers_count"] == 4
    assert everybody["positives_count"] == 2
    assert everybody["auc"] == pytest.approx(3 / 4)
    assert everybody["mean_score"] == pytest.approx(0.6)
    assert everybody["mean_outcome"] == 0.5
    assert everybody["hit_rate"] == 1
    assert everybody["lift_10"] == 2
    assert everybody["mean_absolute_error"] is None
    # the rules say nothing of c4; of the others they have one pair right of two
    rules = found[1, "all", "all", "rules"]
    assert (rules["customers_count"], rules["auc"]) == (3, 0.5)
    assert found[1, "purchases", "power_users", "model"]["customers_count"] == 1
    assert found[1, "rfm_segment", "lost", "model"]["auc"] == 0
    # labels of one class: counted, but not judged
    single = found[2, "all", "all", "model"]
    assert (single["customers_count"], single["auc"], single["auc_lower"]) == (1, None, None)


def test_an_amount_is_judged_as_one() -> None:
    rows = judged(
        """
        ('c1', 'value', '2024-05-01', 10, 0, 30, 5, 0, 'lost', 1),
        ('c2', 'value', '2024-05-01', 40, 10, 50, 5, 60, 'lost', 2),
        ('c3', 'value', '2024-05-01', 20, 15, 40, 5, 12, 'lost', 3)
        """,
        {"value": {"objective": "amount"}},
    )
    found = {tuple(row[key] for key in KEYS): row for row in rows}
    model = found["all", "all", "model"]
    assert model["mean_absolute_error"] == pytest.approx((10 + 20 + 8) / 3)
    assert model["root_mean_squared_error"] == pytest.approx(((100 + 400 + 64) / 3) ** 0.5)
    assert model["bias_share"] == pytest.approx(70 / 72 - 1)
    assert model["coverage_share"] == pytest.approx(1 / 3)
    assert model["at_or_below_upper_share"] == pytest.approx(2 / 3)
    assert model["positives_count"] == 2
    assert model["auc"] == 1
    assert model["average_precision"] is None
    # the top tenth is c2
    assert model["lift_10"] == pytest.approx(60 / 24)
    # the rules say no interval, so the model's isn't theirs
    rules = found["all", "all", "rules"]
    assert rules["bias_share"] == pytest.approx(15 / 72 - 1)
    assert rules["coverage_share"] is None


def test_who_has_no_outcome_is_not_judged() -> None:
    rows = judged(
        """
        ('most', 'email', '2024-05-01', 0.1, null, null, null, null, 'champions', 1),
        ('c2', 'email', '2024-05-01', 0.9, null, null, null, 1, 'lost', 2),
        ('c3', 'email', '2024-05-01', 0.4, null, null, null, 0, 'lost', 3),
        ('never reached', 'email', '2024-05-02', 0.4, null, null, null, null, 'lost', 1)
        """,
        {"email": {}},
    )
    found = {(row["score_date"].day, *(row[key] for key in KEYS)): row for row in rows}
    assert found[1, "all", "all", "model"]["customers_count"] == 2
    assert found[1, "all", "all", "model"]["auc"] == 1
    # the tenth with most orders is of those that are judged
    assert found[1, "purchases", "power_users", "model"]["mean_score"] == pytest.approx(0.9)
    assert (1, "rfm_segment", "champions", "model") not in found
    # a day that nobody can be judged of is done with
    second = [row for key, row in found.items() if key[0] == 2]
    assert [(row["segment"], row["customers_count"], row["auc"]) for row in second] == [
        ("all", 0, None)
    ]


def test_nothing_to_judge_is_no_row() -> None:
    assert judged("('c', 'p', '2024-05-01', 1, 1, 1, 1, 1, 's', 2)", {"p": {}}) == []


def test_amounts_that_nobody_spends_have_no_bias() -> None:
    figures = amount_figures(np.zeros(3), np.array([1.0, 2, 3]), *[np.full(3, np.nan)] * 2)
    assert figures["bias_share"] is None
    assert figures["mean_absolute_error"] == 2
    assert "auc" not in figures


def test_hit_rate_is_of_the_tenth_that_scored_highest() -> None:
    scores = np.linspace(0, 0.5, 20)
    labels = np.zeros(20)
    labels[[3, 18]] = 1  # one of the top two
    assert probability_figures(labels, scores)["hit_rate"] == pytest.approx(0.5)
