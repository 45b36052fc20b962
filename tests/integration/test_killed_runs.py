"""Runs that are killed at the worst moments. `make bench-kills` kills at random ones."""

import signal

import pytest

from tests.worlds import PROJECT, Session, World

OTHER_LOAD = [
    "update raw_shop.order_items set quantity = quantity + 1 where hash(order_id) % 50 = 0",
    "delete from raw_crm.profiles where hash(profile_id) % 50 = 0",
]


@pytest.fixture
def world(demo_copy: World) -> World:
    """A world that was published, and whose next load is another one."""
    demo_copy.change(*OTHER_LOAD)
    return demo_copy


def kill(world: World, moment: str, *arguments: str) -> None:
    """Runs dbt until a moment; tests/dbt_killed.py says which there are."""
    script = str(PROJECT / "tests" / "dbt_killed.py")
    done = world.run("python", script, moment, *world.dbt_arguments(*arguments), check=False)
    assert done.returncode == -signal.SIGKILL, done.stdout[-2000:] + done.stderr[-2000:]


def outcomes(world: World) -> list[str]:
    """How the journal says that runs ended, the oldest first."""
    return [row[0] for row in world.rows("select outcome from journal.runs order by started_at")]


def test_what_killed_runs_appended_is_undone_by_the_next_one(world: World, session: Session):
    """The second run undoes the first, is killed itself, and is undone by the third."""
    before, published = world.state(), world.published_hash

    kill(world, "input_volumes", "run", "--select", "+input_volumes")
    found = world.state()
    assert {table for table in found if found[table] != before[table]} == {"inputs.input_volumes"}
    assert world.status["state"] == "running"

    kill(world, "customer_score_history", "run", "--select", "customer_score_history")
    found = world.state()
    assert {table for table in found if found[table] != before[table]} == {
        "scores.customer_score_history"
    }
    assert outcomes(world) == ["published", "interrupted", "running"]

    session.dbt(world, "run", "--select", "timeline_snapshots")
    assert world.state() == before
    assert outcomes(world) == ["published", "interrupted", "interrupted", "built"]
    assert world.published_hash == published


def test_what_a_run_appended_stays_when_it_was_killed_right_after_publishing(
    world: World, session: Session
):
    before = world.state()
    kill(world, "renamed", "run")
    run_id, generation = world.rows("select run_id, generation from publication", published=True)[0]
    assert generation == 2
    assert world.rows("select generation from publish.publish") == [(1,)]
    published = world.published_hash
    state = world.state()
    assert state != before

    session.dbt(world, "run", "--select", "timeline_snapshots")
    assert outcomes(world) == ["published", "published", "built"]
    assert world.state() == state
    assert world.rows(
        "select distinct run_id from inputs.input_volumes where replaced_by_run_id is null"
    ) == [(run_id,)]
    assert world.published_hash == published
    assert not list(world.published.parent.rglob(".*draft*"))
