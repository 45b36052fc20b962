"""What `regulars build` asks of dbt, and how it says what came of it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from regulars.building import command
from regulars.building.command import refuse_own_options, report, run_variables
from regulars.building.run import Outcome
from regulars.cli import main
from regulars.errors import UserError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Keeps what dbt is asked for; all is well."""
    kept: list[list[str]] = []

    def run_dbt(arguments: list[str], on_node: Any) -> Outcome:
        kept.append(arguments)
        on_node("customers", 1, 2)
        return Outcome(nodes=2)

    monkeypatch.setattr(command, "run_dbt", run_dbt)
    return kept


def build(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["build", *arguments])
    return int(ended.value.code or 0)


def test_variables_are_yaml_that_dbt_reads_back() -> None:
    assert yaml.safe_load(run_variables(None, False)) == {}
    said = yaml.safe_load(run_variables(date(2011, 5, 31), True))
    assert said == {"as_of_date": "2011-05-31", "retrain": True}


def test_a_good_run_says_where_it_published(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert report(Outcome(nodes=216, is_published=True), "demo") == 0
    said = capsys.readouterr()
    assert said.out == f"216 nodes built. Published: {home / 'published' / 'demo'}\n"
    assert said.err == ""


def test_a_run_without_publish_claims_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(Outcome(nodes=3), "demo") == 0
    assert capsys.readouterr().out == "3 nodes built.\n"
    with pytest.raises(UserError, match="Nothing was selected"):
        report(Outcome(nodes=0), "demo")


def test_vars_are_merged_and_the_options_win() -> None:
    text = run_variables(date(2026, 3, 31), True, "{dev_sample_percent: 50, retrain: false}")
    assert yaml.safe_load(text) == {
        "as_of_date": "2026-03-31",
        "dev_sample_percent": 50,
        "retrain": True,
    }
    for wrong in ("[1, 2]", "{broken: ["):
        with pytest.raises(UserError, match="write a mapping"):
            run_variables(None, False, wrong)


@pytest.mark.parametrize("option", ["-t", "--profile", "--project-dir=elsewhere"])
def test_what_the_command_decides_is_not_taken_from_dbt_arguments(option: str) -> None:
    with pytest.raises(UserError, match="say --target"):
        refuse_own_options((option, "retail"))


def test_a_red_run_has_a_line_per_failure(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Outcome(nodes=9, failures=["a: no", "b: never"], skipped=3)
    assert report(outcome, "demo") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "Failed: a: no",
        "Failed: b: never",
        "2 of 9 nodes failed, 3 were skipped; what was published before is as it was.",
    ]


def test_options_reach_dbt_as_variables_and_the_rest_as_it_is(asked: list[list[str]]) -> None:
    assert build("--target", "retail", "--as-of-date", "2011-05-31", "--select", "customers+") == 0
    ((first, *rest),) = asked
    assert first == "build"
    assert rest[rest.index("--target") + 1] == "retail"
    assert yaml.safe_load(rest[rest.index("--vars") + 1]) == {"as_of_date": "2011-05-31"}
    assert rest[-2:] == ["--select", "customers+"]


def test_a_red_run_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "run_dbt", lambda *_: Outcome(nodes=1, failures=["a: no"]))
    assert build() == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--target", "nowhere"), "Unknown target 'nowhere': profiles.yml has demo, retail"),
        (("--as-of-date", "31.05.2011"), "31.05.2011"),
    ],
)
def test_wrong_options_end_with_2_before_dbt_starts(
    asked: list[list[str]],
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, str],
    said: str,
) -> None:
    assert build(*arguments) == 2
    assert said in capsys.readouterr().err
    assert asked == []
