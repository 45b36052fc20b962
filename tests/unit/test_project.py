"""Where the project and its data are found."""

from pathlib import Path

import pytest

from regulars import project
from regulars.errors import UserError
from regulars.project import (
    duckdb_targets,
    home,
    project_folder,
    published_folder,
    warehouse_file,
)

CHECKOUT = Path(__file__).resolve().parents[2]
PROFILES = """
regulars:
  outputs:
    small: {type: duckdb, path: a}
    cloud: {type: snowflake}
    big: {type: duckdb, path: b}
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that has nothing to do with the project, to stand in."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("REGULARS_PROJECT", raising=False)
    monkeypatch.delenv("REGULARS_HOME", raising=False)
    return folder


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another project folder."""
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "dbt_project.yml").write_text("# ours\nname: regulars\nversion: '1'\n")
    (folder / "profiles.yml").write_text(PROFILES)
    return folder


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the package were no checkout but lay in site-packages."""
    module = tmp_path / "lib" / "site-packages" / "regulars" / "project.py"
    monkeypatch.setattr(project, "__file__", str(module))


def test_the_environment_names_it(other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_PROJECT", "../other")
    assert project_folder() == other


def test_a_wrong_name_in_the_environment_is_said(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_PROJECT", str(elsewhere))
    with pytest.raises(UserError, match=rf"REGULARS_PROJECT={elsewhere} holds no Regulars"):
        project_folder()


def test_it_is_found_from_a_folder_inside(other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = other / "models" / "scores"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    assert project_folder() == other


def test_somebody_elses_dbt_project_is_passed_by(
    other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = other / "vendor"
    theirs.mkdir()
    (theirs / "dbt_project.yml").write_text("name: regulars_of_others\n")
    monkeypatch.chdir(theirs)
    assert project_folder() == other


def test_the_checkout_that_the_package_runs_from_is_the_last_resort() -> None:
    assert project_folder() == CHECKOUT


@pytest.mark.usefixtures("installed")
def test_without_a_project_it_says_what_to_do() -> None:
    with pytest.raises(UserError, match="go to its folder, or set REGULARS_PROJECT"):
        project_folder()


def test_data_lives_in_the_project_or_where_the_environment_says(
    other: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_PROJECT", str(other))
    assert home() == other
    monkeypatch.setenv("REGULARS_HOME", "data")
    assert home() == elsewhere / "data"
    assert published_folder("big") == elsewhere / "data" / "published" / "big"


def test_a_targets_file_gets_its_folder(other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_PROJECT", str(other))
    file = warehouse_file("big")
    assert file == other / "warehouse" / "big.duckdb"
    assert file.parent.is_dir()
    assert not file.exists()


def test_targets_are_those_with_a_file(other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_PROJECT", str(other))
    assert duckdb_targets() == ["small", "big"]
    for name in ("cloud", "nowhere"):
        with pytest.raises(UserError, match=f"Unknown target '{name}': .* has small, big"):
            warehouse_file(name)
    assert not (other / "warehouse").exists()
