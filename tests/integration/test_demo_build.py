"""The demo world from raw tables to the published file."""

import json
from itertools import pairwise

import yaml

from tests.structure.project import PREDICTIONS
from tests.worlds import PROJECT, Session, World, few_trees

PUBLISHED = [
    "customer_score_changes",
    "customer_score_history",
    "customer_score_reasons",
    "customer_scores",
    "customer_timeline",
    "customers",
    "expectation_results",
    "feature_drift",
    "input_row_accounting",
    "journey_sizes",
    "journey_transitions",
    "model_performance",
    "model_registry",
    "publication",
    "runs",
    "score_drift",
]

# what tells of the training itself: is it due, and the rows that it returned
OF_THE_TRAINING = {"training.training_plan", *(f"training.train_{name}" for name in PREDICTIONS)}
# of past days there is something only in runs that train
OF_PAST_DAYS = ("features.", "labels.", "timeline.timeline_customer_snapshots")
OF_PAST_DAYS += ("timeline.timeline_snapshots", "timeline.timeline_due_trainings")
# what holds the last good run beside this one, or compares them
BESIDE_THE_LAST_RUN = {
    "inputs.input_volumes",
    "inputs.input_volume_changes",
    "identity.identity_placements",
    "identity.identity_overlaps",
    "identity.identity_named_clusters",
    "identity.identity_moves",
    "identity.identity_change_ties",
    "features.feature_profile",
    "features.feature_shifts",
    "scores.customer_score_history",
    "scores.score_past",
    "scores.score_bins",
    "scores.score_shifts",
}


def test_everything_that_bi_reads_is_published(demo_world: World):
    tables = demo_world.rows("show tables", published=True)
    assert [name for (name,) in tables] == PUBLISHED
    assert demo_world.value("select count(*) from customers", published=True) > 1500


def test_every_prediction_has_a_champion_and_scores(demo_world: World):
    """A model where enough is known; the rules at least."""
    champions = demo_world.rows("select prediction from training.champions")
    assert {name for (name,) in champions} == set(PREDICTIONS)
    judged = demo_world.rows(
        "select prediction from model_registry where status = 'promoted'"
        " and holdout_date < as_of_date",
        published=True,
    )
    assert {"churn", "purchase", "value_90d", "next_purchase"} <= {name for (name,) in judged}
    scored = demo_world.rows("select distinct prediction from customer_score_history", True)
    assert {name for (name,) in scored} == set(PREDICTIONS)
    for prediction in ("churn", "purchase"):
        low, high, distinct = demo_world.rows(
            f"select min(score), max(score), count(distinct score) from customer_score_history"
            f" where prediction = '{prediction}'",
            published=True,
        )[0]
        assert 0 <= low < 0.2
        assert 0.5 < high <= 1
        assert distinct > 100


def test_amounts_and_waits_say_more_than_a_score(demo_world: World):
    """An interval around what is expected, and days; what comes sooner is worth more."""
    wrong = demo_world.rows(
        "select customer_id from customer_score_history where"
        " (prediction like 'value%') <> (score_lower is not null and score_upper >= score_lower)"
        " or (prediction = 'next_purchase') <> coalesce(median_days between 1 and 3650, false)"
        " or rules_score is null or score is null or score < 0",
        published=True,
    )
    assert wrong == []
    sooner, longer, quarter, days = demo_world.rows(
        "select corr(next_purchase_median_days, next_purchase_score),"
        " avg((value_365d_score > value_90d_score)::int), sum(value_90d_score),"
        " median(next_purchase_median_days) from customer_scores where value_90d_score is not null",
        published=True,
    )[0]
    assert sooner < -0.3
    assert longer > 0.9
    assert quarter > 0
    assert 5 < days < 1000


def test_scores_follow_what_customers_did(demo_world: World):
    """Who bought within a month is less likely to leave, and more likely to buy, than others."""
    recent, late = demo_world.rows(
        "select avg(churn_score), avg(purchase_score) from customer_scores"
        " join customers using (customer_id) where churn_score is not null"
        " group by days_since_last_purchase < 30 order by days_since_last_purchase < 30 desc",
        published=True,
    )
    assert recent[0] < late[0] - 0.1
    assert recent[1] > late[1] + 0.1


def test_deciles_are_tenths_and_ten_is_highest(demo_world: World):
    tenths = demo_world.rows(
        "select churn_decile, count(*), min(churn_score), max(churn_score)"
        " from customer_scores where churn_score is not null group by 1 order by 1",
        published=True,
    )
    assert [row[0] for row in tenths] == list(range(1, 11))
    sizes = [row[1] for row in tenths]
    assert max(sizes) - min(sizes) <= 1
    assert all(below[3] <= above[2] for below, above in pairwise(tenths))


def test_no_direct_identifiers_are_published(demo_world: World):
    columns = {
        name
        for (name,) in demo_world.rows(
            "select column_name from duckdb_columns() where not internal", True
        )
    }
    assert not columns & {
        "email",
        "phone",
        "first_name",
        "last_name",
        "address",
        "birth_date",
        "profile_value",
        "row_content",
    }


def test_every_value_of_a_profile_stands_on_the_record_that_it_names(demo_world: World):
    """The golden record invents nothing, mixes no addresses, and says where each value is from."""
    columns = [
        name
        for (name,) in demo_world.rows(
            "select distinct column_name from identity.customer_profile_values"
        )
    ]
    assert len(columns) == 9
    for column in columns:
        # the value, its source and its record, whoever tells of them
        told = f"select customer_id, {column}::varchar, {column}_source_name"
        told += f" from identity.customer_profiles where {column} is not null"
        kept = "select customer_id, profile_value, source_name"
        kept += f" from identity.customer_profile_values where column_name = '{column}'"
        found = f"select customer_id, trim(profiles.{column}::varchar), source_name"
        found += " from identity.customer_profile_values as kept"
        found += " join inputs.input_profiles as profiles using (source_name, source_record_id)"
        found += " join (select customer_id, source_name, source_record_id"
        found += " from identity.identity_map) as owners"
        found += " using (customer_id, source_name, source_record_id)"
        found += f" where column_name = '{column}'"
        for rows in (kept, found):
            for missing in (f"{told} except all {rows}", f"{rows} except all {told}"):
                assert demo_world.rows(missing) == [], column
    addresses = (
        "select count(distinct source_name || source_record_id)"
        " from identity.customer_profile_values"
        " where column_name in ('address', 'city', 'postcode', 'country') group by customer_id"
    )
    assert demo_world.value(f"select max(n) from ({addresses}) as records(n)") == 1
    several = (
        "select count(*) from identity.customer_profile_values where agreeing_records_count > 1"
    )
    assert demo_world.value(several) > 1000


def test_every_row_that_was_read_is_accounted_for(demo_world: World):
    counted = dict(
        demo_world.rows(
            "select source_name || '__' || input_name, sum(rows_count)::bigint"
            " from inputs.input_row_accounting group by 1"
        )
    )
    staged = {
        f"{source}__{name}": demo_world.value(f"select count(*) from staging.stg_{source}__{name}")
        for source, name in (key.split("__") for key in counted)
    }
    assert counted == staged
    outcomes = {
        row[0]
        for row in demo_world.rows("select distinct row_outcome from inputs.input_row_accounting")
    }
    assert outcomes == {"kept", "quarantined", "deduplicated"}
    quarantined = "select count(*) from inputs.quarantine"
    assert demo_world.value(quarantined) == demo_world.value(
        "select sum(rows_count) from inputs.input_row_accounting where row_outcome = 'quarantined'"
    )


def test_sources_are_stitched(demo_world: World):
    """Most people who buy are known to several sources; some hold two shop accounts."""
    several, two_accounts = demo_world.rows(
        "with records as ("
        "    select customer_id, count(distinct source_name) as sources,"
        "        count(*) filter (source_name = 'shop') as accounts"
        "    from identity.identity_map where valid_to is null group by customer_id"
        ") select count(*) filter (sources >= 3), count(*) filter (accounts = 2) from records"
    )[0]
    assert several > 1000
    assert two_accounts > 20


def test_every_built_column_is_described(demo_world: World):
    described = {}
    for file in [*PROJECT.glob("models/**/_*.yml"), *PROJECT.glob("seeds/*.yml")]:
        document = yaml.safe_load(file.read_text())
        for node in document.get("models", []) + document.get("seeds", []):
            described[node["name"]] = {column["name"] for column in node.get("columns", [])}
    built = demo_world.rows(
        "select table_name, column_name from duckdb_columns()"
        " where not internal and schema_name not like 'raw_%'"
        " and schema_name not in ('main', 'journal', 'truth')"
    )
    # a training view is customer_features and a label: its columns are described there
    missing = [
        f"{table}.{column}"
        for table, column in built
        if column
        not in described[table]
        | (described["customer_features"] if table.startswith("training_") else set())
    ]
    assert not missing


def test_a_second_run_trains_nothing_and_changes_no_value(demo_copy: World, session: Session):
    before, published = demo_copy.fingerprints(), demo_copy.published_fingerprints()
    of_today = (
        "select count(*), sum(hash(features)::hugeint) from features.customer_features as features"
        " where as_of_date = (select as_of_date from timeline.timeline_as_of_date)"
    )
    features_before = demo_copy.rows(of_today)
    session.dbt(demo_copy, "run")
    after = demo_copy.fingerprints()
    assert demo_copy.rows(of_today) == features_before
    due = demo_copy.rows("select distinct is_due from training.training_plan")
    assert due == [(False,)]
    changed = {name for name in before if before[name] != after[name]}
    must_change = OF_THE_TRAINING | BESIDE_THE_LAST_RUN
    assert must_change <= changed
    assert {name for name in changed - must_change if not name.startswith(OF_PAST_DAYS)} == set()
    assert demo_copy.published_fingerprints() == published
    assert demo_copy.value("select generation from publication", published=True) == 2
    # nothing has moved, and the gates see it
    for table, figure, unmoved in (
        ("inputs.input_volume_changes", "volume_ratio", 1),
        ("features.feature_shifts", "shift", 0),
        ("scores.score_shifts", "shift", 0),
    ):
        figures = f"select distinct {figure} from {table} where {figure} is not null"
        assert demo_copy.rows(figures) == [(unmoved,)]


def test_when_training_is_due(demo_copy: World, session: Session):
    """When its settings changed, and when the last training is older than retrain_every_days."""
    demo_copy.change(
        "update training.model_registry set settings = 'others' where prediction = 'churn'",
        "update training.model_registry set as_of_date = as_of_date - 28"
        " where prediction = 'purchase'",
    )
    session.dbt(demo_copy, "run", "--select", "timeline_due_trainings", "training_plan")
    due = "select prediction, due_reason, is_due from training.training_plan where is_due"
    assert sorted(demo_copy.rows(due)) == [
        ("churn", "its settings changed", True),
        ("purchase", "older than retrain_every_days", True),
    ]


def test_standing_at_an_earlier_day_uses_only_models_of_that_day(
    demo_copy: World, session: Session
):
    """A champion that was trained later would know the future: the run trains its own."""
    demo_copy.regulars("build", "--as-of-date", "2026-03-31", "--vars", json.dumps(few_trees()))
    published = demo_copy.rows("select as_of_date::varchar from publication", published=True)
    assert published == [("2026-03-31",)]
    champions = dict(
        demo_copy.rows("select prediction, trained_as_of_date::varchar from training.champions")
    )
    assert champions == dict.fromkeys(PREDICTIONS, "2026-03-31")
    latest = "select max(occurred_at)::date::varchar from customer_timeline"
    assert demo_copy.value(latest, published=True) == "2026-03-31"
    dates = demo_copy.rows(
        "select distinct score_date::varchar from customer_score_history order by 1", published=True
    )
    assert dates == [("2026-03-31",)]
    # and at the later day again: its gates compare only days that both runs hold
    session.dbt(demo_copy, "run")
    published = demo_copy.rows("select as_of_date::varchar from publication", published=True)
    assert published == [("2026-06-30",)]
    dates = demo_copy.rows(
        "select distinct score_date::varchar from customer_score_history order by 1", published=True
    )
    assert dates == [("2026-03-31",), ("2026-06-30",)]


def test_a_model_that_learnt_another_horizon_does_not_score(demo_copy: World):
    """The horizon changes, and the training for it fails: the rules score, and no wrong model.

    Other predictions are left out: their models go with them.
    """
    predictions = (
        "{predictions: {churn: {horizon_days: 700, population: days_since_last_purchase < 365},"
        " purchase: {horizon_days: 30, population: days_since_last_purchase < 365}}}"
    )
    demo_copy.regulars("build", "--vars", predictions)
    champions = demo_copy.rows(
        "select prediction, horizon_days, booster_sha256 is null from training.champions order by 1"
    )
    assert champions == [("churn", 700, True), ("purchase", 30, False)]
    statuses = demo_copy.rows("select prediction, status, horizon_days from model_registry", True)
    assert ("churn", "failed", 700) in statuses
    scores = demo_copy.rows(
        "select count(distinct churn_score), count(distinct purchase_score),"
        " count(value_90d_score) from customer_scores",
        True,
    )
    by_rules, by_model, left_out = scores[0]
    assert 1 < by_rules <= 13 < by_model
    assert left_out == 0
