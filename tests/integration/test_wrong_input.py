"""What is wrong with the input is said in one line, and nothing that was published changes."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.worlds import Session, World

WRONG_RAW_TABLES = (
    "alter table raw_crm.profiles drop column email",
    "alter table raw_shop.orders alter ordered_at type varchar",
    "drop table raw_shop.products",
)


def test_wrong_raw_tables_are_all_named_before_anything_runs(demo_copy: World, tmp_path: Path):
    """A column that is gone, one of another type, a table that is gone; and it is told."""
    before = hashlib.sha256(demo_copy.published.read_bytes()).hexdigest()
    built = demo_copy.fingerprints()
    demo_copy.change(*WRONG_RAW_TABLES)
    # a notifier may read the warehouse file: it is free by then
    look = f"import duckdb; duckdb.connect('{demo_copy.warehouse}'); print('looked')"
    told = tmp_path / "told"
    command = f'cat > {told}; {sys.executable} -c "{look}"'
    done = demo_copy.regulars("build", "--json", "--on-red", command, check=False)
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if line.startswith("Error: ")] == [
        "Error: Raw table raw_crm.profiles has no column email, which stg_crm__identifiers,"
        " stg_crm__profiles need: load it with that column, or change the models.",
        "Error: Raw table raw_shop.orders holds column ordered_at as varchar, but"
        " stg_shop__events needs timestamp: load it with that type, or change the model.",
        "Error: Raw table raw_shop.products does not exist, and stg_shop__items reads it:"
        " load it first.",
        "Error: Nothing was run: mend these 3 first.",
    ]
    assert "looked" in done.stderr
    status = json.loads(done.stdout)
    assert status["state"] == "not started"
    assert json.loads(told.read_text())["state"] == "not started"
    assert "raw_shop.products does not exist" in status["message"]
    assert demo_copy.fingerprints() == built
    assert hashlib.sha256(demo_copy.published.read_bytes()).hexdigest() == before

    # what doesn't read raw tables can be built all the same
    assert demo_copy.regulars("build", "--select", "customers").stdout.endswith("nodes built.\n")


def test_wrong_raw_tables_stop_plain_dbt_at_staging(demo_copy: World):
    before = hashlib.sha256(demo_copy.published.read_bytes()).hexdigest()
    demo_copy.change(*WRONG_RAW_TABLES)
    done = demo_copy.dbt("build", check=False)
    assert done.returncode == 1
    for said in (
        "Raw table raw_crm.profiles has no column email, which stg_crm__profiles needs: load it"
        " with that column, or change the model.",
        "Raw table raw_crm.profiles has no column email, which stg_crm__identifiers needs",
        "Raw table raw_shop.orders holds column ordered_at as varchar,"
        " but stg_shop__events needs timestamp",
        "Raw table raw_shop.products does not exist, and stg_shop__items reads it: load it first.",
    ):
        assert said in done.stdout
    assert hashlib.sha256(demo_copy.published.read_bytes()).hexdigest() == before


def test_a_second_run_at_once_names_the_first(demo_copy: World):
    hold = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print(flush=True); input()"
    first = [sys.executable, "-c", hold, str(demo_copy.warehouse)]
    with subprocess.Popen(first, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        for command in (["build", "--json"], ["demo", "--customers", "60"]):
            done = demo_copy.regulars(*command, check=False)
            assert done.returncode == 2
            assert len(done.stderr.splitlines()) == 1
            assert f"is in use by process {holder.pid}" in done.stderr
        holder.communicate(b"\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["build", "--target", "nowhere"],
            "Unknown target 'nowhere': profiles.yml has demo, retail, dev, prod, ci.",
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


def test_a_wrong_as_of_date_in_plain_dbt_is_named(demo_world: World, session: Session):
    vars_ = ["--vars", "{as_of_date: 31.05.2011}"]
    select = ["--select", "timeline_as_of_date"]
    done = session.dbt(demo_world, "compile", *vars_, *select, check=False)
    assert done.returncode != 0
    assert "as_of_date is '31.05.2011': write it as yyyy-mm-dd" in done.stdout


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("1990-01-01", "gate_inputs: Gate inputs is red: input_events: 0, expected: at least 1"),
        (
            "2027-03-31",
            "timeline_as_of_date: as_of_date 2027-03-31 lies outside the events",
        ),
    ],
)
def test_a_day_outside_the_log_is_refused_before_anything_is_trained(
    demo_copy: World, day: str, said: str
):
    before = hashlib.sha256(demo_copy.published.read_bytes()).hexdigest()
    trainings = demo_copy.value("select count(*) from training.model_registry")
    done = demo_copy.regulars("build", "--as-of-date", day, check=False)
    assert done.returncode == 1
    assert said in done.stderr
    assert demo_copy.value("select count(*) from training.model_registry") == trainings
    assert hashlib.sha256(demo_copy.published.read_bytes()).hexdigest() == before


def test_an_unknown_input_is_named(demo_world: World, session: Session):
    worlds = "{worlds: {demo: {reporting_currency: EUR, sources: {shop: [events, itemz]}}}}"
    select = ["--select", "input_events"]
    done = session.dbt(demo_world, "compile", "--vars", worlds, *select, check=False)
    assert done.returncode != 0
    assert "lists the input 'itemz'" in done.stdout


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (
            "[{columns: [email], rule: newest}]",
            "gives email the rule 'newest': write most_recent, most_trusted, most_frequent.",
        ),
        (
            "[{columns: [email, fax], rule: most_recent}]",
            "names the column 'fax': there are first_name, last_name, birth_date, email, phone,"
            " address, city, postcode, country.",
        ),
        (
            "[{columns: [email], rule: most_recent}, {columns: [email], rule: most_trusted}]",
            "names the column email twice: leave one.",
        ),
        (
            "[{columns: [email], rule: most_recent}]",
            "has no rule for the column first_name: add it.",
        ),
        (
            "{email: most_recent}",
            "must be a list of entries such as {columns: [email], rule: most_recent}.",
        ),
        (
            "[{columns: email, rule: most_recent}]",
            "must be a list of entries such as {columns: [email], rule: most_recent}.",
        ),
        (
            "[{columns: [], rule: most_recent}]",
            "must be a list of entries such as {columns: [email], rule: most_recent}.",
        ),
    ],
)
def test_a_wrong_rule_of_survivorship_is_named(
    demo_world: World, session: Session, entries: str, said: str
):
    rules = f"{{identity_survivorship: {entries}}}"
    done = session.dbt(demo_world, "parse", "--vars", rules, check=False)
    assert done.returncode != 0
    assert "The var identity_survivorship " + said in " ".join(done.stdout.split())


def test_a_missing_setting_of_a_type_is_named(demo_world: World, session: Session) -> None:
    types = "{identity_identifier_types: {badge: {links: true}, other: {links: true, priority: 1}}}"
    done = session.dbt(demo_world, "compile", "-s", "identity_edges", "--vars", types, check=False)
    assert done.returncode != 0
    said = "The var identity_identifier_types says no priority of badge: add it."
    assert said in " ".join(done.stdout.split())


def test_a_wrong_word_of_one_per_is_named(demo_world: World, session: Session) -> None:
    types = "{identity_identifier_types: {email: {one_per: human}, other: {links: true}}}"
    done = session.dbt(demo_world, "compile", "-s", "identity_edges", "--vars", types, check=False)
    assert done.returncode != 0
    assert (
        "The var identity_identifier_types says one_per: human of email: write person, record,"
        " or nothing."
    ) in " ".join(done.stdout.split())


@pytest.mark.parametrize("percent", ["-1", "100.5", "many", "true"])
def test_a_share_to_explore_that_cannot_be_is_named(
    demo_world: World, session: Session, percent: str
):
    done = session.dbt(
        *(demo_world, "compile", "--select", "customer_score_history"),
        *("--vars", f"{{exploration_percent: {percent}}}"),
        check=False,
    )
    assert done.returncode != 0
    said = f"the var exploration_percent is {percent}: write a number from 0 to 100."
    assert said in done.stdout.lower()
