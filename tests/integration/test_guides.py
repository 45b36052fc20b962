"""The guides, word for word: their files written, their commands run, their promises checked."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.worlds import PROJECT, World

GUIDE = PROJECT / "docs" / "guides" / "bring-your-own-data.md"
PARTS = ["dbt_project.yml", "profiles.yml", "models", "python_models", "macros", "seeds", "tests"]


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
    for name, content in re.findall(r"```\w+ file=(\S+)\n(.*?)```", text, re.DOTALL):
        file = project / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
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
    assert [row[:2] for row in rows] == [("churn", "failed"), ("purchase", "failed")]
    assert all("500 are needed" in row[2] for row in rows)
    assert own_world.value("select count(*) from customer_scores", published=True) == 0


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
