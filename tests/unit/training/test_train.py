"""One training, from its plan to its row in the registry."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pytest

from regulars.engines.duckdb import DuckDBEngine
from regulars.errors import UserError
from regulars.training import booster as boosting
from regulars.training.matrix import read_training_matrix
from regulars.training.registry import REGISTRY_SCHEMA
from regulars.training.rules import Rules
from regulars.training.settings import Prediction
from regulars.training.train import train_when_due

Relation = duckdb.DuckDBPyRelation
Train = Callable[..., dict[str, Any]]


@pytest.fixture
def train(
    engine: DuckDBEngine, view: Relation, prediction: Prediction, plan: Callable[..., Relation]
) -> Train:
    """Trains; the registry's one row."""

    def train(
        view: Relation = view, prediction: Prediction = prediction, **planned: Any
    ) -> dict[str, Any]:
        table = train_when_due(engine, prediction, plan(**planned), view)
        assert table.schema == REGISTRY_SCHEMA
        (row,) = table.to_pylist()
        return row

    return train


def champion(
    prediction: Prediction,
    features: tuple[str, ...] = ("purchases_count", "revenue_amount"),
    **parameters: Any,
) -> dict:
    """The plan's columns of a champion that was trained by a recipe."""
    return {
        "champion_model_id": "the champion",
        "champion_features": json.dumps(features),
        "champion_parameters": json.dumps({**prediction.parameters, **parameters}),
    }


def test_no_row_when_no_training_is_due(
    engine: DuckDBEngine, view: Relation, prediction: Prediction, plan: Callable[..., Relation]
) -> None:
    table = train_when_due(engine, prediction, plan(is_due=False), view)
    assert table.num_rows == 0
    assert table.schema == REGISTRY_SCHEMA


def test_the_first_model_is_promoted_with_all_that_one_asks_of_it(train: Train) -> None:
    row = train()
    assert (row["status"], row["status_reason"]) == ("promoted", "the first model")
    assert (row["prediction"], row["horizon_days"]) == ("purchase", 30)
    assert row["as_of_date"] == date(2024, 5, 15)
    assert row["first_snapshot_date"] == date(2024, 1, 1)
    assert row["last_snapshot_date"] == row["holdout_date"] == date(2024, 3, 31)
    assert row["rows_count"] == 1200
    assert 0 < row["positives_count"] < 1200
    assert json.loads(row["features"]) == ["purchases_count", "revenue_amount"]
    assert json.loads(row["parameters"])["rounds"] == 10
    # nine labels in ten follow the orders
    assert json.loads(row["metrics"])["auc"] > 0.8
    boosting.from_bytes([row["booster"]], row["booster_sha256"])


def test_the_registered_model_has_learnt_from_every_row(
    train: Train, engine: DuckDBEngine, view: Relation, prediction: Prediction
) -> None:
    everything = boosting.fit(read_training_matrix(engine, view), prediction.parameters)
    assert train()["booster"] == boosting.to_bytes(everything)


def test_the_held_out_labels_do_not_reach_the_model_that_is_judged(
    train: Train, view: Relation
) -> None:
    turned = view.project(
        "* replace (case when as_of_date = date '2024-03-31' then 1 - label else label end"
        " as label)"
    )
    auc = json.loads(train()["metrics"])["auc"]
    assert json.loads(train(turned)["metrics"])["auc"] == pytest.approx(1 - auc, abs=0.02)


def test_a_rerun_gives_the_same_model(train: Train, view: Relation) -> None:
    assert train() == train(view.order("revenue_amount"))


def test_the_model_id_follows_data_parameters_and_name(train: Train, view: Relation) -> None:
    rows = [
        train(),
        train(view.filter("customer_id <> 'customer 17'")),
        train(view.project("* rename (purchases_count as baskets_count)")),
        train(prediction=Prediction("purchase", 30, {"rounds": 11, "max_depth": 2, "nthread": 1})),
    ]
    assert len({row["model_id"] for row in rows}) == 4


def test_a_challenger_no_worse_than_the_champion_is_promoted(
    train: Train, prediction: Prediction
) -> None:
    row = train(**champion(prediction))
    assert (row["status"], row["status_reason"]) == ("promoted", "no worse than the champion")
    metrics = json.loads(row["metrics"])
    assert metrics["champion_auc"] == metrics["auc"]


def test_a_challenger_that_is_clearly_worse_is_rejected(
    train: Train, prediction: Prediction
) -> None:
    """One tree that can't split, beside the recipe that works."""
    blind = Prediction("purchase", 30, {**prediction.parameters, "min_child_weight": 1e6})
    row = train(prediction=blind, **champion(prediction))
    assert row["status"] == "rejected"
    assert row["status_reason"].startswith("AUC 0.500 against the rules baseline's 0.8")
    metrics = json.loads(row["metrics"])
    assert metrics["rules_auc"] > metrics["auc"] + 0.3


def test_a_champion_is_not_judged_on_what_it_has_learnt(
    train: Train, view: Relation, prediction: Prediction
) -> None:
    """A recipe that learns by heart must not win on the day that the champion has learnt from."""
    by_heart = champion(prediction, rounds=300, max_depth=12, learning_rate=0.5, min_child_weight=0)
    row = train(**by_heart)
    assert row["status"] == "promoted"
    assert json.loads(row["metrics"])["champion_auc"] < 0.97


def test_the_champion_gets_its_features_by_name(train: Train, prediction: Prediction) -> None:
    straight = json.loads(train(**champion(prediction))["metrics"])["champion_auc"]
    turned = champion(prediction, ("revenue_amount", "purchases_count"))
    assert json.loads(train(**turned)["metrics"])["champion_auc"] == pytest.approx(straight)


def test_a_champion_whose_feature_is_gone_gives_way(
    train: Train, view: Relation, prediction: Prediction
) -> None:
    row = train(view.project("* exclude (revenue_amount)"), **champion(prediction))
    assert row["status"] == "promoted"
    assert row["status_reason"] == "the champion's feature revenue_amount is gone"


def test_too_few_rows_fail_with_the_figure_that_is_needed(train: Train, view: Relation) -> None:
    row = train(view.limit(499))
    assert row["status"] == "failed"
    assert row["status_reason"] == "499 rows with a closed label window, 500 are needed"
    assert row["booster"] is None
    assert row["model_id"]
    assert train(view.filter("label > 1"))["status_reason"].startswith("0 rows")


def test_labels_of_one_class_fail(train: Train, view: Relation) -> None:
    row = train(view.project("* replace (1 as label)"))
    assert row["status"] == "failed"
    assert row["status_reason"].startswith("1200 positive and 0 negative labels, at least 50")


def test_what_xgboost_refuses_fails_with_its_reason_in_one_line(train: Train) -> None:
    row = train(prediction=Prediction("purchase", 30, {"rounds": 2, "max_depth": -3}))
    assert row["status"] == "failed"
    assert "max_depth" in row["status_reason"]
    assert "\n" not in row["status_reason"]


def test_too_little_past_is_not_judged(train: Train, view: Relation) -> None:
    row = train(view, prediction=Prediction("purchase", 90, {"rounds": 2}))
    assert row["status"] == "promoted"
    assert row["status_reason"].startswith("not judged out of time: 300 rows")
    assert row["metrics"] is None
    assert row["holdout_date"] is None


def test_without_any_label_the_rules_part_the_customers_of_today(
    train: Train, view: Relation
) -> None:
    """A horizon that no day has closed yet: more points are better, by a belief alone."""
    today = view.project(
        "* replace (null::integer as label, as_of_date = date '2024-03-31' as is_current)"
    )
    row = train(today)
    assert row["status"] == "failed"
    rules = Rules.from_json(row["rules"])
    counts = today.filter("is_current").project("purchases_count, revenue_amount").fetchnumpy()
    for name, values in counts.items():
        assert (
            rules.limits[name]
            == np.quantile(values.astype(np.float32), (0.2, 0.4, 0.6, 0.8)).tolist()
        )
    few, many = rules.score(np.float32([[0, 1], [9, 99]]), ("purchases_count", "revenue_amount"))
    assert few < 0.5 < many


def test_a_held_out_day_of_one_class_is_not_judged(train: Train, view: Relation) -> None:
    row = train(
        view.project(
            "* replace (case when as_of_date = date '2024-03-31' then 0 else label end as label)"
        )
    )
    assert row["status"] == "promoted"
    assert row["status_reason"].endswith("the newest snapshot has labels of one class")


def test_a_column_that_can_be_no_feature_stops_the_training(train: Train, view: Relation) -> None:
    with pytest.raises(UserError, match=r"not: joined_on\.$"):
        train(view.project("*, as_of_date as joined_on"))


COUNTRY = "case when label = 1 and hash(customer_id) % 3 > 0 then 'de' else 'fr' end as country"


def test_a_text_column_is_a_feature_and_its_categories_are_kept(
    train: Train, view: Relation
) -> None:
    row = train(view.project(f"*, {COUNTRY}, 'shop' as shop"))
    assert row["status"] == "promoted"
    assert json.loads(row["features"]) == ["purchases_count", "revenue_amount", "country"]
    assert json.loads(row["categories"]) == {"country": ["de", "fr"]}
    assert json.loads(row["left_out_features"]) == {"shop": "always shop"}
    assert json.loads(row["metrics"])["auc"] > json.loads(train(view)["metrics"])["auc"] + 0.02


def test_other_names_of_categories_are_another_model(train: Train, view: Relation) -> None:
    """Their numbers are the same: only the names tell that it isn't the same data."""
    text = view.project(f"*, {COUNTRY}")
    renamed = text.project("* replace ('in ' || country as country)")
    assert train(text)["model_id"] == train(text)["model_id"]
    assert train(text)["model_id"] != train(renamed)["model_id"]


# 16 snapshots, 30 days apart, and the day of the plan; 400 customers. Nothing comes as often as
# `share` says: half of the year seldom, half of it often
SEASONS = """
    select
        'customer ' || customer as customer_id,
        date '2024-05-15' - (30 * step)::integer as as_of_date,
        (hash(customer * 100 + step) % 100)::integer as days_since_last_purchase,
        (500 + hash(customer * 100 + step + 5555) % 400)::integer as days_since_first_purchase,
        (hash(customer * 100 + step + 7777) % 10)::integer as purchases_count,
        step = 0 as is_current,
        case when step > 0 then
            (hash(customer * 100 + step + 9999) % 100 < (
                case when step between 5 and 10 then 80 else 30 end + 4 * purchases_count - 18
            ))::integer
        end as label
    from range(400) as customers(customer), range(17) as steps(step)
"""
SILENCE = Prediction("purchase", 30, {"rounds": 10, "max_depth": 2, "nthread": 1}, True)


def test_scores_are_brought_to_what_came_a_year_ago(train: Train, engine: DuckDBEngine) -> None:
    view = engine.session.sql(SEASONS)
    row = train(view, SILENCE)
    kept = json.loads(row["calibration"])
    assert kept["means_silence"] is True
    assert kept["known_below"] > 600
    # most of the year learnt from was silent, last year's spring wasn't
    assert min(kept["powers"], key=date.fromisoformat) == "2024-05-15"
    assert kept["powers"]["2024-05-15"] > 1.2
    metrics = json.loads(row["metrics"])
    assert metrics["calibration_error"] < metrics["uncalibrated_error"]


def test_customers_of_today_are_part_of_a_models_name(train: Train, engine: DuckDBEngine) -> None:
    view = engine.session.sql(SEASONS)
    busier = view.project(
        "* replace (case when is_current then 0 else purchases_count end as purchases_count)"
    )
    first, second = train(view, SILENCE), train(busier, SILENCE)
    assert first["booster"] == second["booster"]
    assert first["calibration"] != second["calibration"]
    assert first["model_id"] != second["model_id"]
    assert train(view.order("hash(customer_id)"), SILENCE) == first


def test_without_last_year_scores_stay_as_they_are(train: Train) -> None:
    row = train()
    assert json.loads(row["calibration"])["powers"] == {}
    metrics = json.loads(row["metrics"])
    assert metrics["calibration_error"] == metrics["uncalibrated_error"]


def test_a_feature_that_says_the_same_of_everybody_is_left_out_by_name(
    train: Train, view: Relation
) -> None:
    with_useless = view.project("*, 7 as sevens_count, null::double as answers_count")
    row, without = train(with_useless), train()
    assert json.loads(row["features"]) == ["purchases_count", "revenue_amount"]
    assert json.loads(row["left_out_features"]) == {
        "sevens_count": "always 7",
        "answers_count": "always missing",
    }
    assert row["booster"] == without["booster"]
    assert without["left_out_features"] == "{}"


def test_a_feature_that_tells_the_label_alone_stops_the_training(
    train: Train, view: Relation
) -> None:
    row = train(view.project("*, 1 - label as is_lost"))
    assert row["status"] == "failed"
    assert "one feature alone: is_lost (AUC 1.000)" in row["status_reason"]
    assert row["booster"] is None


def test_nothing_but_constants_fails(train: Train, view: Relation) -> None:
    row = train(view.project("* replace (0 as purchases_count, 1 as revenue_amount)"))
    assert (row["status"], row["status_reason"]) == (
        "failed",
        "every feature says the same of everybody",
    )


def test_features_that_say_nothing_any_more_are_missed(
    train: Train, view: Relation, prediction: Prediction
) -> None:
    row = train(view.project("* replace (0 as revenue_amount)"), **champion(prediction))
    assert row["status"] == "rejected"
    assert row["status_reason"].startswith("1 of the champion's 2 features say the same of")


def test_this_season_last_year_counts_more(train: Train, engine: DuckDBEngine) -> None:
    view = engine.session.sql(SEASONS)
    weighted = Prediction("purchase", 30, {**SILENCE.parameters, "season_weight": 20}, True)
    mean = "mean_score"
    plain, seasonal = (json.loads(train(view, one)["metrics"]) for one in (SILENCE, weighted))
    assert plain.keys() == seasonal.keys()
    assert plain[mean] != seasonal[mean]
    assert train(view, SILENCE)["booster"] != train(view, weighted)["booster"]


def test_the_number_of_trees_is_found_before_the_judging_and_kept(
    train: Train, engine: DuckDBEngine
) -> None:
    view = engine.session.sql(SEASONS)
    parameters = {**SILENCE.parameters, "rounds": 80, "early_stopping_rounds": 3}
    stopping = replace(SILENCE, parameters=parameters)
    row = train(view, stopping)
    kept = json.loads(row["parameters"])
    assert 1 < kept["rounds"] < 80
    assert "early_stopping_rounds" not in kept
    (booster,) = boosting.from_bytes([row["booster"]], row["booster_sha256"])
    assert booster.num_boosted_rounds() == kept["rounds"]
    # the day of the judging has no say
    turned = view.project(
        "* replace (case when as_of_date = date '2024-04-15' then 1 - label else label end"
        " as label)"
    )
    assert json.loads(train(turned, stopping)["parameters"]) == kept


def test_a_constraint_of_an_unknown_feature_stops_the_run(
    train: Train, prediction: Prediction
) -> None:
    with pytest.raises(UserError, match="monotone names visits_count"):
        train(prediction=replace(prediction, monotone={"visits_count": "increasing"}))


def test_constraints_are_part_of_the_recipe(train: Train, prediction: Prediction) -> None:
    constrained = replace(prediction, monotone={"purchases_count": "increasing"})
    row = train(prediction=constrained)
    kept = json.loads(row["parameters"])["monotone_constraints"]
    assert kept == {"purchases_count": 1}
    assert row["model_id"] != train()["model_id"]
    again = champion(prediction, monotone_constraints=kept)
    metrics = json.loads(train(prediction=constrained, **again)["metrics"])
    assert metrics["champion_auc"] == pytest.approx(metrics["auc"])


def test_who_was_reached_against_the_odds_counts_more_where_that_is_asked_for(
    train: Train, view: Relation, prediction: Prediction
) -> None:
    """Mostly those who bought often were reached: of the others few have a label."""
    reached = view.project(
        "* replace (if(purchases_count > 4 or hash(customer_id, as_of_date) % 5 = 0, label, null)"
        " as label)"
    )
    plain = train(reached)
    weighted = train(reached, replace(prediction, weight_by_selection=True))
    assert plain["status"] == weighted["status"] == "promoted"
    assert plain["rows_count"] == weighted["rows_count"]
    assert plain["booster"] != weighted["booster"]
    assert plain["model_id"] != weighted["model_id"]
    # everybody has a label: nobody was chosen
    asked = train(view, replace(prediction, weight_by_selection=True))
    assert asked["booster"] == train(view)["booster"]
