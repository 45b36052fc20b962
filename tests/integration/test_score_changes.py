"""A score that jumps overnight is a row in that run, and in no later one."""

import json

from tests.merges import two_who_merge
from tests.worlds import Session, World, only

# those that have changes
SCORED = ["--vars", json.dumps(only("churn", "purchase"))]
CHANGES = (
    "select customer_id, prediction, past_score_date::varchar, round(past_score, 6), direction,"
    " threshold, run_id from customer_score_changes"
)
RUN = "select run_id from publication"


def yesterday(world: World, *customers: str) -> None:
    """Yesterday everybody had today's scores; these customers stood at the other end."""
    names = ", ".join(f"'{customer}'" for customer in customers)
    world.change(
        "insert into scores.customer_score_history"
        " select * replace (score_date - 1 as score_date, 'yesterday' as run_id,"
        "  'yesterday' as score_run_id, null as past_score, null as past_score_date,"
        f"  case when customer_id not in ({names}) then score"
        "   when score < 0.5 then 0.95 else 0.05 end as score)"
        " from scores.customer_score_history"
    )


def test_an_overnight_jump_is_told_once(demo_copy: World, session: Session) -> None:
    """Of a customer that stays, and of one whose score was its other half's."""
    world = demo_copy
    assert world.rows(CHANGES, published=True) == []  # nobody had a score before
    kept_id, gone_id = two_who_merge(world)
    moved_id = world.value(
        "select min(customer_id) from scores.customer_scores"
        f" where customer_id not in ('{kept_id}', '{gone_id}')"
        " and (churn_score < 0.25 or churn_score > 0.75)"
    )
    yesterday(world, str(moved_id), gone_id)
    world.change(
        f"delete from scores.customer_score_history where customer_id = '{kept_id}'"
        " and run_id = 'yesterday'"
    )
    session.dbt(world, "run", *SCORED)
    run_id = world.value(RUN, published=True)
    changes = world.rows(CHANGES, published=True)
    told = {(row[0], row[1]): row[2:] for row in changes}
    # both stood at the other end yesterday, in both predictions
    now = world.rows(
        "select customer_id, prediction, score from customer_score_history"
        f" where customer_id in ('{moved_id}', '{kept_id}')"
        " and prediction in ('churn', 'purchase')"
        " and score_date = (select as_of_date from publication)",
        published=True,
    )
    assert len(now) == 4
    expected = set()
    for customer, prediction, score in now:
        ((past,),) = world.rows(
            "select past_score from customer_score_history where"
            f" customer_id = '{customer}' and prediction = '{prediction}'"
            " and past_score is not null",
            published=True,
        )
        assert past in {0.05, 0.95}, "yesterday's, under the id that is left"
        crossed = [t for t in (0.3, 0.5, 0.7) if (past >= t) != (score >= t)]
        if crossed:
            last = max(crossed) if score > past else min(crossed)
            direction = "up" if score > past else "down"
            expected.add((customer, prediction))
            assert told[customer, prediction] == ("2026-06-29", past, direction, last, run_id)
    assert (moved_id, "churn") in expected
    assert {customer for customer, _ in expected} == {moved_id, kept_id}
    # the merge may have moved the kept customer's own scores, nobody else's
    assert set(told) == expected

    session.dbt(world, "run", *SCORED)
    again = world.value(RUN, published=True)
    assert again != run_id
    assert sorted(world.rows(CHANGES, published=True)) == sorted(changes)
