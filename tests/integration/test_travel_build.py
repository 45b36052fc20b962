"""The engine knows events, not retail: an airline's customers are scored by the same project."""

import json

import pytest

from tests.worlds import Session, World, few_trees


@pytest.fixture(scope="module")
def airline(tmp_path_factory: pytest.TempPathFactory, session: Session) -> World:
    """An airline's made-up world, built by plain dbt."""
    world = World(tmp_path_factory.mktemp("airline"), "demo")
    world.regulars("demo", "--business", "travel", "--customers", "1200", "--years", "2")
    session.dbt(world, "build", "--vars", json.dumps(few_trees()))
    return world


def test_an_airline_is_scored_and_published(airline: World) -> None:
    assert airline.status["state"] == "published"
    scored = airline.rows(
        "select count(churn_score), count(distinct churn_score), min(churn_score), max(churn_score)"
        " from customer_scores",
        published=True,
    )
    ((customers, scores, lowest, highest),) = scored
    assert customers > 400
    assert scores > 0.3 * customers
    assert 0 < lowest < 0.5 < highest < 1


def test_routes_months_and_seats_are_items(airline: World) -> None:
    bought = airline.value(
        "select count(*) filter (item_name like '% Seat 20__-__') / count(*)"
        " from timeline.timeline_events join inputs.input_items using (source_name, item_id)"
        " where event_type = 'purchase'"
    )
    assert bought == 1
    regions = airline.value("select count(distinct category) from inputs.input_items")
    assert regions == 8


def test_the_scores_foretell_who_flies_again(airline: World) -> None:
    """Out of time, as the registry has it: better than chance on seats as on saucepans."""
    found = {
        prediction: json.loads(metrics)["auc"]
        for prediction, metrics in airline.rows(
            "select prediction, metrics from training.model_registry"
            " where status = 'promoted' and metrics is not null"
            " and prediction not like 'engagement%'"
        )
    }
    assert found.keys() >= {"churn", "purchase", "value_90d", "next_purchase"}
    assert min(found.values()) > 0.6, found
