"""Which models a warehouse has, and what each one is."""

from datetime import date

import duckdb
import pytest

from regulars.engines.duckdb_reading import BuiltTables
from regulars.training.command import CHOSEN, SCORES, registered_models

REGISTRY = """
create schema training;
create schema journal;
create table training.model_registry as from (values
    ('churn', 'a1', date '2026-05-31', 'promoted',
     '{"auc": 0.8, "rules_auc": 0.7, "calibration_error": 0.02}',
     'the first model', timestamp '2026-06-01 06:00'),
    ('churn', 'b2', date '2026-06-30', 'rejected', '{"auc": 0.7}',
     'worse', timestamp '2026-07-01 06:00'),
    ('churn', 'c3', date '2026-06-30', 'promoted', null,
     'not judged', timestamp '2026-07-01 07:00'),
    ('purchase', 'd4', date '2026-06-30', 'failed', null,
     'few rows', timestamp '2026-07-01 06:00')
) as rows (prediction, model_id, as_of_date, status, metrics, status_reason, trained_at);
create table training.champions as select 'c3' as model_id;
"""
CHOICES = """
create table journal.champion_choices as
from (values {}) as rows (prediction, model_id, as_of_date, chosen_at)
"""


@pytest.fixture
def session() -> duckdb.DuckDBPyConnection:
    """A warehouse with four trainings."""
    session = duckdb.connect()
    session.execute(REGISTRY)
    return session


def roles(session: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Each model's role."""
    return {one.model_id: one.role for one in registered_models(BuiltTables(session))}


def test_models_are_listed_the_newest_first_with_their_figures(
    session: duckdb.DuckDBPyConnection,
) -> None:
    models = registered_models(BuiltTables(session))
    assert [one.model_id for one in models] == ["c3", "b2", "a1", "d4"]
    assert (models[2].auc, models[2].rules_auc, models[2].calibration_error) == (0.8, 0.7, 0.02)
    assert (models[1].auc, models[1].calibration_error) == (0.7, None)
    assert (models[3].as_of_date, models[3].status, models[3].auc) == (
        date(2026, 6, 30),
        "failed",
        None,
    )
    assert roles(session) == {"c3": SCORES, "b2": "", "a1": "", "d4": ""}


def test_a_choice_stands_beside_the_champion_until_the_next_build(
    session: duckdb.DuckDBPyConnection,
) -> None:
    session.execute(
        CHOICES.format(
            "('churn', 'b2', date '2026-06-30', timestamp '2026-07-02 06:00'),"
            " ('churn', 'a1', date '2026-06-30', timestamp '2026-07-03 06:00')"
        )
    )
    assert roles(session) == {"c3": SCORES, "b2": "", "a1": CHOSEN, "d4": ""}


@pytest.mark.parametrize(
    ("day", "at"), [("2026-05-31", "2026-06-30 06:00"), ("2026-06-30", "2026-07-01 06:30")]
)
def test_a_choice_ends_with_a_later_promotion(
    session: duckdb.DuckDBPyConnection, day: str, at: str
) -> None:
    session.execute(CHOICES.format(f"('churn', 'a1', date '{day}', timestamp '{at}')"))
    assert roles(session) == {"c3": SCORES, "b2": "", "a1": "", "d4": ""}


def test_a_warehouse_without_a_registry_has_no_models() -> None:
    assert registered_models(BuiltTables(duckdb.connect())) == []
