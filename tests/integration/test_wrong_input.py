"""What is wrong with the input is said in one line, and nothing that was published changes."""

import hashlib

import pytest

from tests.worlds import World


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "alter table raw_crm.contacts drop column email",
            "Raw table raw_crm.contacts has no column email, which stg_crm__profiles needs",
        ),
        (
            "alter table raw_shop.orders alter ordered_at type varchar",
            "Raw table raw_shop.orders holds column ordered_at as varchar,"
            " but stg_shop__events needs timestamp",
        ),
        (
            "drop table raw_shop.returns",
            "Raw table raw_shop.returns does not exist, and stg_shop__events reads it",
        ),
    ],
)
def test_a_wrong_raw_table_stops_at_staging(demo_copy: World, change: str, said: str):
    before = hashlib.sha256(demo_copy.published.read_bytes()).hexdigest()
    demo_copy.change(change)
    done = demo_copy.regulars("build", check=False)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert all(
        line.startswith(("Failed: stg_", "1 of", "2 of")) for line in done.stderr.splitlines()
    )
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
