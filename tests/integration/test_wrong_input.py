"""What is wrong with the input is said in one line, and nothing that was published changes."""

import hashlib

import pytest

from tests.worlds import World


def test_wrong_raw_tables_stop_at_staging(demo_copy: World):
    """A column that is gone, one of another type, a table that is gone: each is named."""
    before = hashlib.sha256(demo_copy.published.read_bytes()).hexdigest()
    demo_copy.change(
        "alter table raw_crm.contacts drop column email",
        "alter table raw_shop.orders alter ordered_at type varchar",
        "drop table raw_shop.products",
    )
    done = demo_copy.regulars("build", check=False)
    assert done.returncode == 1
    *failures, summary = sorted(done.stderr.splitlines(), key=lambda line: line[:1] != "F")
    assert sorted(line.split(":")[1].strip() for line in failures) == [
        "stg_crm__identifiers",
        "stg_crm__profiles",
        "stg_shop__events",
        "stg_shop__items",
    ]
    for said in (
        "Raw table raw_crm.contacts has no column email, which stg_crm__profiles needs",
        "Raw table raw_shop.orders holds column ordered_at as varchar,"
        " but stg_shop__events needs timestamp",
        "Raw table raw_shop.products does not exist, and stg_shop__items reads it",
    ):
        assert sum(said in line for line in failures) == 1
    assert "what was published before is as it was" in summary
    assert hashlib.sha256(demo_copy.published.read_bytes()).hexdigest() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["build", "--target", "nowhere"],
            "Unknown target 'nowhere': profiles.yml has demo, retail, dev, prod.",
        ),
        (
            ["build", "--as-of-date", "yesterday"],
            "'yesterday' does not match the format '%Y-%m-%d'",
        ),
        (["build", "--select", "no_such_model+", "--nonsense"], "No such option"),
        (["build", "--target", "prod"], "Target prod has no sources yet: add yours"),
        (["publication", "show", "--target", "retail"], "Nothing is published for retail yet"),
        (
            ["publication", "query", "select * from nothing"],
            "Table with name nothing does not exist",
        ),
        (["no-such-command"], "No such command 'no-such-command'"),
        (["load", "online-retail", "missing.xlsx"], "missing.xlsx"),
        (["demo", "--customers", "3"], "3 is not in the range"),
    ],
)
def test_wrong_commands_say_so_in_one_line(demo_world: World, arguments: list[str], said: str):
    done = demo_world.regulars(*arguments, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_wrong_as_of_date_in_plain_dbt_is_named(demo_world: World):
    done = demo_world.dbt(
        "compile",
        "--vars",
        "{as_of_date: 31.05.2011}",
        "--select",
        "timeline_as_of_date",
        check=False,
    )
    assert done.returncode != 0
    assert "as_of_date is '31.05.2011': write it as yyyy-mm-dd" in done.stdout


@pytest.mark.parametrize("day", ["1990-01-01", "2027-03-31"])
def test_a_day_outside_the_log_is_refused_before_anything_is_trained(demo_copy: World, day: str):
    before = hashlib.sha256(demo_copy.published.read_bytes()).hexdigest()
    trainings = demo_copy.value("select count(*) from training.model_registry")
    done = demo_copy.regulars("build", "--as-of-date", day, check=False)
    assert done.returncode == 1
    assert f"timeline_as_of_date: as_of_date {day} lies outside the events" in done.stderr
    assert "choose a day between them" in done.stderr
    assert demo_copy.value("select count(*) from training.model_registry") == trainings
    assert hashlib.sha256(demo_copy.published.read_bytes()).hexdigest() == before


def test_an_unknown_input_is_named(demo_world: World):
    worlds = "{worlds: {demo: {reporting_currency: EUR, sources: {shop: [events, itemz]}}}}"
    done = demo_world.dbt("compile", "--vars", worlds, "--select", "input_events", check=False)
    assert done.returncode != 0
    assert "lists the input 'itemz'" in done.stdout
