"""The guides, word for word: their files written, their commands run, their promises checked."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from tests.guides import write_files
from tests.structure.project import PREDICTIONS
from tests.worlds import BIN, PROJECT, Session, World

GUIDE = PROJECT / "docs" / "guides" / "bring-your-own-data.md"
CI_GUIDE = PROJECT / "docs" / "guides" / "ci.md"
HISTORY_GUIDE = PROJECT / "docs" / "guides" / "profile-history.md"
PARTS = ["dbt_project.yml", "profiles.yml", "models", "python_models", "macros", "seeds", "tests"]
PARTS += ["expectations"]


@pytest.fixture(scope="module")
def own_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A copy of the project in which the guide was followed."""
    project = tmp_path_factory.mktemp("own")
    for part in PARTS:
        source = PROJECT / part
        if source.is_dir():
            shutil.copytree(source, project / part)
        else:
            shutil.copy(source, project / part)
    text = GUIDE.read_text()
    write_files(text, project)
    (switch,) = re.findall(r"```yaml\n(    prod: .*?)```", text, re.DOTALL)
    switched = re.sub(
        r"    prod: &yours\n.*?      sources: \{\}\n",
        lambda _: switch,
        (project / "dbt_project.yml").read_text(),
        flags=re.DOTALL,
    )
    (project / "dbt_project.yml").write_text(switched)
    world = World(project, "prod", project)
    for commands in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        for command in commands.strip().splitlines():
            world.run(*shlex.split(command))
    return world


def test_lines_are_kept_or_quarantined_with_their_reason(own_world: World):
    rows = own_world.rows(
        "select row_outcome, row_reason, rows_count from input_row_accounting"
        " where input_name = 'events' order by all",
        published=True,
    )
    assert rows == [
        ("kept", "kept", 6),
        ("quarantined", "missing_source_record_id", 1),
        ("quarantined", "quantity_not_positive", 1),
    ]


def test_two_records_with_one_address_are_one_customer(own_world: World):
    counts = own_world.rows("select source_records_count from customers order by 1", published=True)
    assert counts == [(1,), (2,)]


def test_too_few_customers_are_said_to_be_too_few(own_world: World):
    rows = own_world.rows(
        "select prediction, status, status_reason from model_registry order by 1", True
    )
    assert [row[:2] for row in rows] == [(name, "failed") for name in sorted(PREDICTIONS)]
    assert all("500 are needed" in row[2] for row in rows)
    by_model = "select count(*) from customer_score_history where score <> rules_score"
    assert own_world.value(by_model, published=True) == 0, "the rules score"


def ci_commands(job: str) -> list[str]:
    """The commands of a job of the CI guide that need no GitHub, in order."""
    (workflow,) = re.findall(r"```yaml file=\S+\n(.*?)```", CI_GUIDE.read_text(), re.DOTALL)
    steps = yaml.safe_load(workflow)["jobs"][job]["steps"]
    lines = [line for step in steps for line in step.get("run", "").splitlines()]
    return [line for line in lines if line.startswith(("dbt ", "regulars ", "mkdir "))]


def in_shell(world: World, command: str) -> None:
    """Runs a step of a workflow, where the environment's programs are found first."""
    world.run("/bin/bash", "-c", f'export PATH="{BIN}:$PATH"; {command}')


def test_the_ci_guide_builds_what_changed_and_publishes_nothing(own_world: World):
    """The nightly job as it stands, a change of a feature, and the job of a pull request."""
    assert len(ci_commands("nightly")) == 5
    for command in ci_commands("nightly"):
        in_shell(own_world, command)
    assert (own_world.home / "target" / "data_docs" / "index.html").exists()
    feature = own_world.project / "models" / "features" / "feature_returns.sql"
    feature.write_text(feature.read_text().replace("with\n", "-- changed\nwith\n", 1))
    published = own_world.published.read_bytes()
    check, slim, *docs = ci_commands("pull_request")
    in_shell(own_world, check)
    in_shell(own_world, slim)
    results = json.loads((own_world.home / "target" / "run_results.json").read_text())["results"]
    built = {result["unique_id"].split(".")[2] for result in results}
    assert {"feature_returns", "gate_features", "gate_scores"} <= built
    assert not built & {"input_events", "timeline_events", "feature_rfmt", "publish"}
    for command in docs:
        in_shell(own_world, command)
    assert own_world.published.read_bytes() == published
    assert not (own_world.home / "published" / "ci" / "regulars.duckdb").exists()


def test_a_table_that_is_overwritten_gets_a_history(own_world: World, session: Session):
    """The guide's snapshot over three loads; on each day the features are what was known then."""
    guide = HISTORY_GUIDE.read_text()
    write_files(guide, own_world.project)
    (settings,) = re.findall(r"```yaml\n(  profile_versions_since.*?)```", guide, re.DOTALL)
    project_file = own_world.project / "dbt_project.yml"
    lines = [
        line
        for line in project_file.read_text().splitlines(keepends=True)
        if not line.startswith("  profile_versions_since:")
    ]
    at = lines.index("vars:\n") + 1
    project_file.write_text("".join([*lines[:at], settings, *lines[at:]]))
    own_world.change("delete from raw_acme.sales where pieces = '0' or client_no is null")
    for day, land in (
        ("2025-06-03", "Spain"),
        ("2025-06-04", "Portugal"),
        ("2025-06-06", "Germany"),
    ):
        own_world.change(
            f"update raw_acme.clients set loaded_at = '{day} 05:00:00'",
            f"update raw_acme.clients set land = '{land}' where client_no = 'C-001'",
        )
        session.dbt(own_world, "snapshot")
    found = {}
    for day in ("2025-06-03", "2025-06-05", "2025-06-06"):
        stand = f"{{as_of_date: '{day}', retrain: false}}"
        session.dbt(own_world, "run", "--vars", stand, "--select", "+feature_person")
        found[day] = own_world.rows(
            "select p.customer_id = m.customer_id, profile_changes_count,"
            " days_since_profile_changed, country"
            " from features.feature_person as p, identity.identity_map as m"
            " where m.source_record_id = 'C-001' and m.valid_to is null order by 1 desc"
        )
    assert found == {
        "2025-06-03": [],
        "2025-06-05": [(True, 1, 1, "portugal"), (False, 0, 2, "germany")],
        "2025-06-06": [(True, 2, 0, "germany"), (False, 0, 3, "germany")],
    }


def test_the_readme_names_every_published_table(own_world: World):
    readme = (PROJECT / "README.md").read_text()
    for (table,) in own_world.rows("show tables", published=True):
        assert f"| `{table}` |" in readme


def test_links_in_the_docs_lead_somewhere():
    documents = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")]
    broken = [
        f"{document.name}: {link}"
        for document in documents
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())
        if not (document.parent / link).exists()
    ]
    assert not broken


def test_make_help_lists_the_commands_of_the_readme():
    makefile = (PROJECT / "Makefile").read_text()
    commands = set(
        re.findall(r"^make ([a-z-]+)", (PROJECT / "README.md").read_text(), re.MULTILINE)
    )
    assert commands
    assert all(re.search(rf"^{name}:.*## ", makefile, re.MULTILINE) for name in commands)


def test_the_guide_writes_no_path_outside_the_project():
    files = re.findall(r"file=(\S+)", GUIDE.read_text())
    assert files
    assert not any(Path(name).is_absolute() or ".." in name for name in files)
