"""`regulars backfill`: past days as runs that stood there would have left them."""

import json
from pathlib import Path

import pytest

from tests.worlds import Session, World, few_trees, only

MAY, JUNE = "2026-05-31", "2026-06-20"
# how long it takes to learn is none of its business, nor how much there is to learn
VARS = few_trees() | only("churn", "purchase", "value_90d")
SMALL = ["--vars", json.dumps(VARS)]
FILL = ["backfill", "--from", MAY, "--to", JUNE, "--every", "20", "--json", *SMALL]
# what a run says of a day, without what tells of the run itself
SCORES = (
    "select customer_id, prediction, score_date::varchar, model_id, score, score_percentile,"
    " score_decile, past_score_date::varchar, past_score from scores.customer_score_history"
    " where replaced_by_run_id is null and score_date in ({}) order by all"
)
BASELINES = (
    "select as_of_date, run_id, count(*) from {} where replaced_by_run_id is null group by all"
)
IDS = "select customer_id, source_name, source_record_id, valid_to from identity.identity_map"


def scores(world: World, *days: str) -> list[tuple]:
    """What the history says of these days."""
    found = world.rows(SCORES.format(", ".join(f"date '{day}'" for day in days)))
    assert {row[2] for row in found} == set(days)
    return found


@pytest.fixture(scope="module")
def raw_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world that was loaded, and that nobody has built."""
    world = World(tmp_path_factory.mktemp("raw") / "home", "demo")
    world.home.mkdir()
    world.regulars("demo", "--customers", "700", "--years", "2")
    return world


@pytest.fixture(scope="module")
def filled(raw_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The same, backfilled before its first build."""
    world = raw_world.copy(tmp_path_factory.mktemp("filled") / "home")
    told = json.loads(world.regulars(*FILL).stdout)
    assert (told["state"], told["days"]) == ("filled", [MAY, JUNE])
    assert [run["state"] for run in told["runs"]] == ["built", "built"]
    return world


def test_the_history_is_what_runs_of_those_days_left(
    raw_world: World, filled: World, session: Session, tmp_path: Path
) -> None:
    """The runs of then: each read what was there by its day, and published."""
    then = raw_world.copy(tmp_path / "then")
    for day in (MAY, JUNE):
        session.dbt(
            then, "build", "--full-refresh", "--vars", json.dumps(VARS | {"as_of_date": day})
        )
    assert then.published.exists()
    assert scores(filled, MAY, JUNE) == scores(then, MAY, JUNE)
    assert not filled.published.exists()
    assert filled.fingerprints("training") == then.fingerprints("training")


def test_the_first_run_of_today_is_held_against_the_backfilled_days(
    filled: World, session: Session, tmp_path: Path
) -> None:
    """It tells whose score jumped; filling again does nothing, filling further back no harm."""
    world = filled.copy(tmp_path / "today")
    session.dbt(world, "build", *SMALL)
    ((run_id, today),) = world.rows("select run_id, as_of_date from publication", published=True)
    changes = world.rows(
        "select score_date, past_score_date::varchar, run_id from customer_score_changes"
        f" where score_date = date '{today}'",
        published=True,
    )
    assert set(changes) == {(today, JUNE, run_id)}

    published, ids = world.published_hash, sorted(world.rows(IDS), key=str)
    told = json.loads(world.regulars(*FILL).stdout)
    assert (told["state"], told["runs"]) == ("filled", [])

    april = "2026-04-30"
    before = world.state()
    world.regulars("backfill", "--from", april, "--to", april, *SMALL)
    assert len(scores(world, april)) > 500
    assert world.published_hash == published
    assert sorted(world.rows(IDS), key=str) == ids
    after = world.state()
    assert {table for table in after if after[table] != before[table]} == {
        "scores.customer_score_history",
        "training.model_boosters",
        "training.model_registry",
        "training.training_profile",
    }
    # what the next run is held against is today's run still
    for table in ("inputs.input_volumes", "features.feature_profile"):
        ((day, of_run, count),) = world.rows(BASELINES.format(table))
        assert (day, of_run) == (today, run_id)
        assert count > 0
    # and its trainings count from today's
    due = "select distinct due_reason from timeline.timeline_due_trainings"
    session.dbt(world, "run", "--select", "+timeline_due_trainings", *SMALL)
    assert world.rows(due) == [(None,)]


def test_a_red_day_stops_it_and_leaves_the_days_before_it(filled: World, tmp_path: Path) -> None:
    world = filled.copy(tmp_path / "red")
    before = world.state()
    # half of what was sold is gone from the load
    world.change("delete from raw_shop.orders where hash(order_id) % 2 = 0")
    days = ["--from", "2026-06-21", "--to", "2026-06-30"]
    done = world.regulars("backfill", *days, *SMALL, check=False)
    assert done.returncode == 1
    assert "Gate inputs is red" in done.stderr
    assert "Stopped at 2026-06-21; 0 days before it are kept." in done.stderr
    assert "--from 2026-06-30" in done.stderr
    assert world.state() == before
    assert not world.published.exists()
    assert scores(world, MAY, JUNE) == scores(filled, MAY, JUNE)


def test_wrong_days_are_refused_before_anything_is_built(filled: World) -> None:
    done = filled.regulars("backfill", "--from", "2019-01-01", check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(
        "Error: --from 2019-01-01 lies outside the events, which run from "
    )
