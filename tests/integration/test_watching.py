"""Scores that turn out wrong are warned of, and the next day's run trains anew; once."""

from tests.worlds import Session, World

# the year's training is out of the way: only what is watched may ask for one
VARS = "retrain_every_days: 400"
YESTERDAY = f"{{as_of_date: '2026-06-29', {VARS}}}"
TODAY = f"{{{VARS}}}"
DAYS_AGO = 40


def behave_otherwise(world: World) -> None:
    """The champions scored 40 days ago, and purchase's scores went to the wrong customers.

    Each customer has somebody else's, so that the scores as a whole are as they were. Models get
    another id: the same data on the same day would give the same one again.
    """
    older = "model_id = md5(model_id)"
    world.change(
        f"update training.model_registry set {older}, as_of_date = as_of_date - {DAYS_AGO},"
        f" trained_at = trained_at - interval {DAYS_AGO} day",
        f"update training.model_boosters set {older}",
        f"update training.training_profile set {older}, as_of_date = as_of_date - {DAYS_AGO}",
        f"update scores.customer_score_history set {older}, score_date = score_date - {DAYS_AGO}",
        "create temp table wrong as select mine.customer_id, theirs.score"
        " from (select customer_id, row_number() over (order by md5(customer_id)) as place"
        "  from scores.customer_score_history where prediction = 'purchase') as mine"
        " inner join (select score, row_number() over (order by customer_id) as place"
        "  from scores.customer_score_history where prediction = 'purchase') as theirs"
        "  using (place)",
        "update scores.customer_score_history as history set score = wrong.score from wrong"
        " where history.prediction = 'purchase' and history.customer_id = wrong.customer_id",
    )


def due(world: World) -> dict[object, object]:
    """Which trainings the last run found due, and why."""
    rows = world.rows("select prediction, due_reason from training.training_plan where is_due")
    return dict(rows)


def test_decay_is_warned_of_and_trained_away(demo_copy: World, session: Session) -> None:
    world = demo_copy
    behave_otherwise(world)

    session.dbt(world, "run", "--vars", YESTERDAY)
    assert due(world) == {}
    judged = world.rows(
        "select prediction, auc between auc_lower and auc_upper, auc, customers_count"
        " from model_performance where segment_kind = 'all' and scored_by = 'model'"
        " and score_date = '2026-05-21' and last_date = '2026-06-20'",
        published=True,
    )
    by_prediction = {row[0]: row[1:] for row in judged}
    # three months have not passed: nothing is known of churn
    assert {"purchase", "churn"} & set(by_prediction) == {"purchase"}
    is_within, auc, customers = by_prediction["purchase"]
    assert is_within
    assert 0.4 < float(str(auc)) < 0.6
    # everybody stands in one segment of each kind
    counted = world.rows(
        "select segment_kind, sum(customers_count) from model_performance where"
        " prediction = 'purchase' and scored_by = 'model' group by all order by all",
        published=True,
    )
    assert counted == [(kind, customers) for kind in ("all", "purchases", "rfm_segment")]
    # the rules knew nothing of the mix-up
    rules = world.value(
        "select auc from model_performance where prediction = 'purchase'"
        " and segment_kind = 'all' and scored_by = 'rules'",
        published=True,
    )
    assert float(str(rules)) > 0.65
    warned = world.rows(
        "select severity, failing_keys from expectation_results where suite = 'score_decay'"
        " and column_name = 'auc_shortfall' and not is_met"
        " and run_id = (select run_id from publication)",
        published=True,
    )
    assert [severity for severity, _ in warned] == ["warning"]
    assert "purchase" in str(warned[0][1])
    alarms = world.rows(
        "select prediction, baseline_date::varchar, observed > alarm_above"
        " from monitoring.model_alarms where alarm = 'its scores were worse than promised'"
    )
    assert ("purchase", "2026-05-21", True) in alarms

    # a day's difference is no drift of most features, but it is seen
    ((features, median, largest),) = world.rows(
        "select count(*), median(population_stability_index), max(population_stability_index)"
        " from feature_drift"
        " where prediction = 'churn' and baseline_date = '2026-05-21' and is_used",
        published=True,
    )
    assert features > 50
    assert median < 0.1 < largest

    session.dbt(world, "run", "--vars", TODAY)
    assert due(world)["purchase"] == "its scores were worse than promised"
    assert "churn" not in due(world)
    trained = world.rows(
        "select as_of_date::varchar from model_registry where prediction = 'purchase' order by 1",
        published=True,
    )
    assert trained == [("2026-05-21",), ("2026-06-30",)]
    # a day is judged once
    ((days, rows),) = world.rows(
        "select count(distinct score_date), count(*) from model_performance"
        " where prediction = 'purchase' and segment_kind = 'all' and scored_by = 'model'",
        published=True,
    )
    assert (days, rows) == (1, 1)
    # what the training looked at is what the next days are held against
    drift = world.rows(
        "select count(*), max(population_stability_index), max(kolmogorov_smirnov)"
        " from feature_drift where prediction = 'purchase' and baseline_date = '2026-06-30'"
        " and is_used",
        published=True,
    )
    assert drift[0][0] > 50
    assert drift[0][1:] == (0, 0)
