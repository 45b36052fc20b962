"""A feature of one's own, as the guide says: learnt from, scored with, and without a future."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guides import write_files
from tests.worlds import PROJECT, Session, World, few_trees

GUIDE = PROJECT / "docs" / "guides" / "own-features.md"
PARTS = ["dbt_project.yml", "profiles.yml", "models", "python_models", "macros", "seeds"]
PARTS += ["expectations", "tests/generic"]
MODEL = "feature_message_clicks"


@pytest.fixture(scope="module")
def followed(
    demo_world: World, tmp_path_factory: pytest.TempPathFactory, session: Session
) -> Iterator[World]:
    """The demo world in a project in which the guide was followed, up to dbt build."""
    project = tmp_path_factory.mktemp("own_features")
    for part in PARTS:
        (project / part).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (PROJECT / part).is_dir() else shutil.copy
        copy(PROJECT / part, project / part)
    text = GUIDE.read_text()
    write_files(text, project)
    (switch,) = re.findall(r"```yaml\n(  own_features: .*?)```", text, re.DOTALL)
    settings = (project / "dbt_project.yml").read_text()
    assert settings.count("  own_features: []\n") == 1
    (project / "dbt_project.yml").write_text(settings.replace("  own_features: []\n", switch))
    copy_of_world = demo_world.copy(project / "home")
    world = World(copy_of_world.home, copy_of_world.target, project)
    session.dbt(world, "build", "--vars", json.dumps(few_trees()))
    yield world
    shutil.rmtree(project)


def test_every_model_learns_from_it(followed: World) -> None:
    """A training was due, and its features are those of before and the two of the guide."""
    for before, features in followed.rows(
        "select lag(features) over (partition by prediction order by trained_at), features"
        " from training.model_registry qualify features like '%message_clicks_count%'"
    ):
        added = set(json.loads(features)) - set(json.loads(before))
        assert added == {"message_clicks_count_90d", "days_since_last_message_click"}
    found = followed.rows(
        "select distinct prediction from training.model_registry"
        " where features like '%message_clicks_count_90d%'"
    )
    assert {"churn", "purchase", "value_90d", "next_purchase"} <= {name for (name,) in found}


def test_it_counts_what_was_known_on_the_day(followed: World) -> None:
    wrong = followed.value(
        """
        with expected as (
            select s.customer_id, s.as_of_date,
                count(*) filter (e.event_date > s.as_of_date - 90) as clicks,
                min(s.as_of_date - e.event_date) as days
            from timeline.timeline_customer_snapshots as s
            join timeline.timeline_events as e using (customer_id)
            where e.event_type = 'message_clicked' and e.known_date <= s.as_of_date
            group by all
        )
        select count(*) from features.customer_features as f
        left join expected as e using (customer_id, as_of_date)
        where f.message_clicks_count_90d is distinct from e.clicks
            or f.days_since_last_message_click is distinct from e.days
        """
    )
    assert wrong == 0
    some, none = followed.rows(
        "select count(message_clicks_count_90d), count(*) - count(message_clicks_count_90d)"
        " from features.customer_features"
    )[0]
    assert some > 0
    assert none > 0


def test_the_gate_looks_at_it(followed: World) -> None:
    found = followed.rows(
        "select distinct feature_name from features.feature_profile"
        " where feature_name like '%message_click' or feature_name like 'message_clicks%'"
        " order by 1"
    )
    assert [name for (name,) in found] == [
        "days_since_last_message_click",
        "message_clicks_count_90d",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("message_clicks_count_90d", "purchases_count"),
            "The feature purchases_count of feature_message_clicks is named as one that is there"
            " already: rename it.",
        ),
        (
            ("name: feature_message_clicks", "name: something_else"),
            "The var own_features names feature_message_clicks: declare its columns in a YAML file",
        ),
    ],
)
def test_what_can_not_be_right_is_named(
    followed: World, session: Session, change: tuple[str, str], said: str
) -> None:
    declared = Path(followed.project / "models" / "features" / "_feature_message_clicks.yml")
    text = declared.read_text()
    declared.write_text(text.replace(*change))
    try:
        done = session.dbt(followed, "compile", "-s", "customer_features", check=False)
    finally:
        declared.write_text(text)
    assert done.returncode != 0
    assert said in " ".join(done.stdout.split())
