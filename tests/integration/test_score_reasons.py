"""Every score of the demo world says why, in words, and says it alike wherever it is read."""

import json

from tests.worlds import World

LATEST = "score_date = (select as_of_date from publication)"


def test_every_score_of_today_has_reasons(demo_world: World) -> None:
    scored = demo_world.rows(
        "select prediction, count(*), count(reasons) from customer_score_history"
        f" where {LATEST} group by 1 order by 1",
        published=True,
    )
    by_rules = demo_world.rows(
        "select prediction from training.champions where booster_sha256 is null"
    )
    assert all(told == (0 if (name,) in by_rules else rows) for name, rows, told in scored)
    ranked = demo_world.rows(
        "select prediction, count(distinct customer_id), min(reason_rank), max(reason_rank)"
        " from customer_score_reasons where prediction not like 'engagement%'"
        " group by 1 order by 1",
        published=True,
    )
    # who answers messages may hang on fewer than five features
    assert ranked == [
        (name, rows, 1, 5) for name, rows, _ in scored if not name.startswith("engagement")
    ]
    assert {"churn", "purchase", "value_90d", "next_purchase"} <= {name for name, *_ in ranked}


def test_the_strongest_stand_first_and_none_is_0(demo_world: World) -> None:
    assert (
        demo_world.rows(
            "select * from customer_score_reasons where contribution = 0 or feature is null"
            " or words is null or unit is null or (contribution > 0) <> (direction = 'up')",
            published=True,
        )
        == []
    )
    weaker_first = (
        "select abs(contribution) > lag(abs(contribution)) over (partition by customer_id,"
        " prediction order by reason_rank) as is_wrong from customer_score_reasons"
    )
    assert demo_world.rows(f"from ({weaker_first}) where is_wrong", published=True) == []


def test_the_table_says_what_the_history_says(demo_world: World) -> None:
    told = {}
    for customer_id, prediction, reasons in demo_world.rows(
        "select customer_id, prediction, reasons from customer_score_history"
        f" where {LATEST} order by 1, 2 limit 300",
        published=True,
    ):
        for rank, reason in enumerate(json.loads(reasons), start=1):
            told[customer_id, prediction, rank] = tuple(reason.values())
    rows = {
        row[:3]: (*row[3:5], row[6] if row[5] is None else row[5], *row[7:])
        for row in demo_world.rows(
            "select customer_id, prediction, reason_rank, feature, words,"
            " feature_value, feature_category, contribution, direction from customer_score_reasons",
            published=True,
        )
    }
    assert len(told) > 1000
    assert {key: rows[key] for key in told} == told


def test_values_are_those_of_the_features(demo_world: World) -> None:
    """And words are their documentation's."""
    named = demo_world.rows(
        "select feature, min(words), count(distinct words) from customer_score_reasons group by 1",
        published=True,
    )
    assert len(named) > 20
    (categories,) = demo_world.rows(
        "select distinct categories from training.champions where prediction = 'churn'"
    )
    assert json.loads(categories[0]).keys() == {"country"}
    for feature, words, different in named:
        assert different == 1
        # one word may be a word of the language, too
        assert "_" not in feature or feature not in words
        assert " " in words
        assert words != feature.replace("_", " ")
        is_told = (
            f"feature_category is distinct from {feature}"
            if feature in json.loads(categories[0])
            else f"feature_value::float is distinct from {feature}::float"
        )
        wrong = demo_world.rows(
            f"select feature_value, feature_category, {feature}"
            " from scores.customer_score_reasons as reasons"
            " join features.customer_features as features on"
            " reasons.customer_id = features.customer_id and score_date = as_of_date"
            f" where feature = '{feature}' and {is_told}"
        )
        assert wrong == [], feature


def test_who_is_silent_is_told_so(demo_world: World) -> None:
    """The longer nothing came, the more it pushes towards leaving.

    Not so the longest silence of two years: it may be over.
    """
    silences = demo_world.rows(
        "select feature, corr(feature_value, contribution) from customer_score_reasons"
        " where prediction = 'churn' and feature in ('days_since_last_purchase',"
        " 'days_since_last_browsing', 'days_since_last_engagement')"
        " group by feature having count(*) > 50",
        published=True,
    )
    assert silences
    assert all(together > 0.3 for _, together in silences), silences
