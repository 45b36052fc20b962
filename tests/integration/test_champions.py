"""A person may choose the model that scores; what can't score is refused in one line."""

import pytest

from tests.worlds import Session, World

NEWER, FAILED, STRANGE = "f" * 32, "e" * 32, "d" * 32


@pytest.fixture
def often_trained(demo_copy: World) -> World:
    """The demo world, with trainings of churn that were promoted, failed, or asked otherwise."""
    for model_id, status, question in (
        (NEWER, "promoted", "question"),
        (FAILED, "failed", "question"),
        (STRANGE, "promoted", "'another'"),
    ):
        demo_copy.change(
            "insert into training.model_registry by name select * replace ("
            f" '{model_id}' as model_id, '{status}' as status, 'as told' as status_reason,"
            f" {question} as question, trained_at + interval 1 second as trained_at)"
            " from training.model_registry where prediction = 'churn'"
            " order by trained_at limit 1"
        )
    return demo_copy


def champion(session: Session, world: World) -> str:
    """The model that scores churn, found anew."""
    session.dbt(world, "run", "--select", "champion_choices", "champions")
    return str(world.value("select model_id from training.champions where prediction = 'churn'"))


def listed(world: World) -> set[tuple[str, str]]:
    """The models of churn that `champion list` marks, each with its mark."""
    lines = world.regulars("champion", "list").stdout.splitlines()
    words = [line.split() for line in lines if line.startswith(("●", "→"))]
    return {(mark, model) for mark, prediction, model, *_ in words if prediction == "churn"}


def test_what_a_person_chooses_scores(often_trained: World, session: Session) -> None:
    (older,) = {
        model_id
        for (model_id,) in often_trained.rows(
            "select model_id from training.model_registry where prediction = 'churn'"
        )
    } - {NEWER, FAILED, STRANGE}
    assert champion(session, often_trained) == NEWER
    for model_id, said in (
        (FAILED, "can't score: its training failed (as told)."),
        (STRANGE, "learnt another question (another): it can't answer this one."),
        ("c" * 32, "No model of churn begins with cccc"),
        ("no-id", "'no-id' is no model's id: give the first 4 of its 32 digits, or more."),
    ):
        refused = often_trained.regulars("champion", "set", "churn", model_id, check=False)
        assert refused.returncode == 2
        assert said in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
    unknown = often_trained.regulars("champion", "set", "chrun", older, check=False)
    assert "There is no prediction 'chrun': there are churn, purchase, " in unknown.stderr
    chosen = often_trained.regulars("champion", "set", "churn", older[:6])
    assert chosen.stdout.startswith(f"churn is scored by {older[:8]} (trained as of ")
    assert {("→", older[:8]), ("●", NEWER[:8])} <= listed(often_trained)
    assert champion(session, often_trained) == older
    assert ("●", older[:8]) in listed(often_trained)
