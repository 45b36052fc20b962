"""While a gate is red nothing is published and no state changes, whatever is selected."""

import pytest

from tests.worlds import Session, World

HALF_A_CRM = "delete from raw_crm.profiles where hash(profile_id) % 2 = 0"

NOT_PASSED = "Nothing is published: this run did not pass gate_inputs itself."
# what is tried with wrong inputs, how it ends, and what it says
WAYS = [
    (["run", "--select", "identity_map+"], 1, NOT_PASSED),
    (["build", "--resource-type", "model", "--select", "customer_features+"], 1, NOT_PASSED),
    (["run", "--select", "publish.publish"], 1, "publication_run is not of this run."),
    (["run", "--select", "publication_run", "publish"], 1, NOT_PASSED),
    (
        ["build", "--resource-type", "model", "--exclude", "gate_inputs", "check_inputs"],
        1,
        NOT_PASSED,
    ),
    (["run", "--exclude", "gate_inputs+"], 0, "This run did not pass all gates"),
    # in these two every gate is green, but looks at figures of another run
    (
        ["run", "--exclude", "input_volumes", "customer_timeline"],
        1,
        "Nothing is published: this run did not build customer_timeline and 1 more.",
    ),
    (
        ["run", "--select", "customer_score_history", "input_volume_changes", "check_*", "gate_*"],
        0,
        "This run did not pass all gates",
    ),
    (["run", "--empty"], 1, "Gate inputs was not checked in this run"),
]


@pytest.fixture(scope="module")
def world(demo_world: World, tmp_path_factory: pytest.TempPathFactory, session: Session) -> World:
    """A world that was published, and whose next load lacks half a CRM."""
    world = demo_world.copy(tmp_path_factory.mktemp("red") / "home")
    world.change(HALF_A_CRM)
    done = session.dbt(world, "run", check=False)
    assert "Gate inputs is red: input_volume_changes.volume_ratio" in done.stdout
    return world


@pytest.fixture
def as_it_was(world: World):
    """What was published and what is kept must be the same before and after."""
    before = (world.published_hash, world.state())
    yield
    assert (world.published_hash, world.state()) == before


@pytest.mark.usefixtures("as_it_was")
@pytest.mark.parametrize("is_mended", [False, True])
def test_a_retry_finds_the_check_of_another_run(world: World, demo_world: World, is_mended: bool):
    """Also when the load was mended in between: a retry builds nothing of it anew."""
    if is_mended:
        world.load_again(demo_world)
    done = world.dbt("retry", check=False)
    if is_mended:
        world.change(HALF_A_CRM)
    assert done.returncode == 1
    assert "Gate inputs was not checked in this run" in done.stdout
    assert "run dbt build without --select, not dbt retry." in done.stdout
    assert world.status["state"] == "red"


@pytest.mark.usefixtures("as_it_was")
@pytest.mark.parametrize(("command", "code", "said"), WAYS, ids=lambda way: str(way)[:60])
def test_no_selection_leads_round(
    world: World, session: Session, command: list[str], code: int, said: str
):
    done = session.dbt(world, *command, check=False)
    assert done.returncode == code
    assert said in " ".join(done.stdout.split())
    assert world.status["state"] == ("red" if code else "built")


@pytest.mark.usefixtures("as_it_was")
@pytest.mark.parametrize(
    "command",
    [
        ["compile", "--select", "gate_inputs", "publication_run", "publish"],
        ["docs", "generate", "--no-compile"],
        ["test", "--select", "input_events", "customers"],
    ],
    ids=" ".join,
)
def test_what_builds_nothing_works_while_a_gate_is_red(
    world: World, session: Session, command: list[str]
):
    runs = world.value("select count(*) from journal.runs")
    session.dbt(world, *command)
    assert world.value("select count(*) from journal.runs") == runs


@pytest.mark.usefixtures("as_it_was")
def test_a_part_that_is_green_leaves_no_rows(world: World, demo_world: World, session: Session):
    world.load_again(demo_world)
    done = session.dbt(world, "run", "--select", "+customer_scores")
    assert (
        "This run did not pass all gates, so nothing was published and state tables are as they"
        " were." in done.stdout
    )
    assert world.value("select outcome from journal.runs order by started_at desc limit 1") == (
        "built"
    )
