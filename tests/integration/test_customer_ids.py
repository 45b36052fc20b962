"""Ten daily loads of people who merge, split and move: who keeps which customer_id.

The project is identity alone: its inputs are views of made-up tables and its gates let everything
through, so that a day takes seconds.
"""

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.merges import two_who_merge
from tests.worlds import PROJECT, Session, World

PARTS = ["dbt_project.yml", "profiles.yml", "macros", "seeds", "models/identity"]
PARTS += ["python_models/identity"]
VIEW = "{{{{ config(materialized='view') }}}} select * from raw_people.{} where {}"
STUBS = {
    "inputs/input_identifiers": VIEW.format("identifiers", "{{ up_to_as_of_date('observed_at') }}"),
    "inputs/input_profiles": VIEW.format("profiles", "true"),
    "inputs/input_events": VIEW.format("events", "{{ up_to_as_of_date('occurred_at') }}"),
    "inputs/gate_inputs": "select '{{ invocation_id }}' as run_id",
    "features/gate_features": "select '{{ invocation_id }}' as run_id",
    "scores/gate_scores": "select '{{ invocation_id }}' as run_id",
}

MATCHING = """
models:
  - name: identity_match_weights
    config: &matching {meta: {matching: "{{ var('identity_matching') }}"}}
  - name: identity_link_decisions
    config: *matching
"""

FIRST_DAY = date(2026, 3, 1)
LAST = 10
UNTOUCHED = [f"u{number:02}" for number in range(40)]

Record = str
Rows = dict[Record, set[tuple[str, str, str]]]  # what is known of a record: type, value, observed


def day(number: int) -> date:
    """The day of a load; the load of the morning after it stands at it."""
    return FIRST_DAY + timedelta(days=number - 1)


@dataclass
class Company:
    """What the source would deliver in full, and which events there were."""

    rows: Rows
    last: int = 0

    def tie(self, value: str, records: str, observed: str) -> None:
        """Each of the records is seen with an identifier; its type stands before the colon."""
        for record in records.split():
            kind, _, plain = value.partition(":")
            self.rows.setdefault(record, set()).add((kind, plain, observed))

    def untie(self, value: str, records: str) -> None:
        """The source finds that it was wrong about these."""
        kind, _, plain = value.partition(":")
        for record in records.split():
            self.rows[record] = {row for row in self.rows[record] if row[:2] != (kind, plain)}

    def people(self) -> set[frozenset[Record]]:
        """The records of each person: what connects through identifiers."""
        found: list[tuple[set[Record], set[tuple[str, str]]]] = []
        for record, rows in self.rows.items():
            records, values = {record}, {row[:2] for row in rows}
            for other in [one for one in found if one[1] & values]:
                found.remove(other)
                records |= other[0]
                values |= other[1]
            found.append((records, values))
        return {frozenset(records) for records, _ in found}

    def load(self, world: World) -> None:
        """Replaces the raw tables by all that is known by now."""
        rows = ", ".join(
            f"('{record}', '{kind}', '{value}', '{observed}')"
            for record, known in sorted(self.rows.items())
            for kind, value, observed in sorted(known)
        )
        days = [day(number) for number in range(0, self.last + 2)]
        events = ", ".join(
            f"('{one}a', timestamp '{at} 09:00:00')" for one in UNTOUCHED for at in days
        )
        world.change(
            "create schema if not exists raw_people",
            "create or replace table raw_people.identifiers as select 'people' as source_name,"
            " record as source_record_id, kind as identifier_type, value as identifier_value,"
            " observed::timestamp as observed_at"
            f" from (values {rows}) as known (record, kind, value, observed)",
            "create or replace table raw_people.events as select 'people' as source_name,"
            " record as source_record_id, occurred_at, occurred_at as loaded_at"
            f" from (values {events}) as seen (record, occurred_at)",
            "create table if not exists raw_people.profiles (source_name varchar,"
            " source_record_id varchar, first_name varchar, last_name varchar, birth_date date,"
            " address varchar, city varchar, postcode varchar, country varchar,"
            " created_at timestamp, updated_at timestamp, loaded_at timestamp)",
        )


def next_load(company: Company) -> None:
    """What the next day brings, beside a new record of an untouched person."""
    company.last += 1
    now = f"{day(company.last)} 12:00:00"
    match company.last:
        case 1:
            for one in UNTOUCHED:
                company.tie(f"email:{one}@x.org", f"{one}a {one}b", "2025-06-01")
            company.tie("email:ann@x.org", "a1 a2 a3", "2025-02-01")
            company.tie("email:bob@x.org", "b1 b2", "2025-01-01")
            company.tie("email:cam@x.org", "c1 c2", "2025-03-01")
            company.tie("phone:7001", "c2 c3", "2025-03-02")
            company.tie("email:cem@x.org", "c3 c4 c5 c6", "2025-03-03")
            company.tie("email:dee@x.org", "d1 d2", "2025-04-01")
        case 2:  # known late, and older than all
            company.tie("email:eve@x.org", "e1", "2020-01-01")
        case 3:  # the older record is of the younger customer
            company.tie("phone:7002", "a2 e1", now)
        case 4:  # a wrong number: the larger part has not the oldest record
            company.untie("phone:7001", "c3")
        case 5:  # found late: the last runs could have known it
            company.tie("loyalty_id:L5", "a3 b2", "2025-12-01")
        case 6:
            company.untie("email:cem@x.org", "c5")
            company.tie("phone:7006", "c5 d2", now)
        case 7:
            company.tie("phone:7001", "c3", now)
        case 8:
            company.untie("phone:7001", "c3")
        case 9:  # a record vanishes, and the other one of its customer goes to somebody else
            del company.rows["c2"]
            company.tie("phone:7009", "c1 d1", now)
        case 10:  # it is there again, on its own
            company.tie("email:new@x.org", "c2", now)
    one = UNTOUCHED[company.last]
    company.tie(f"email:{one}@x.org", f"{one}-{company.last}", now)


def a_world(home: Path) -> World:
    """The project's identity, between inputs and gates of a few words."""
    project = home / "project"
    for part in PARTS:
        (project / part).parent.mkdir(parents=True, exist_ok=True)
        if (PROJECT / part).is_dir():
            shutil.copytree(PROJECT / part, project / part)
        else:
            shutil.copy(PROJECT / part, project / part)
    for name, text in STUBS.items():
        model = project / "models" / f"{name}.sql"
        model.parent.mkdir(exist_ok=True)
        model.write_text(text)
    (project / "models" / "identity" / "customer_profiles.sql").unlink()
    for described in (project / "models").rglob("*.yml"):
        described.unlink()
    (project / "models" / "identity" / "matching.yml").write_text(MATCHING)
    (home / "warehouse").mkdir()
    return World(home, "demo", project)


def run(session: Session, world: World, *options: str, passes: bool = True) -> None:
    """Runs dbt up to identity; a run that left out a gate is undone at its end."""
    gates = ["gate_inputs", "gate_features", "gate_scores"][: 3 if passes else 2]
    select = ["--select", "+identity_changes", "+identity_redirects", *gates, *options]
    session.dbt(world, "run", *select)


def current(world: World) -> dict[Record, str]:
    """The customer of each record."""
    rows = world.rows(
        "select source_record_id, customer_id from identity.identity_map where valid_to is null"
    )
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def kept(world: World) -> dict[str, list[tuple]]:
    """All that identity keeps, to the byte."""
    tables = ("identity_map", "identity_changes", "identity_redirects")
    return {table: world.rows(f"from identity.{table} order by all") for table in tables}


def partition(customers: dict[Record, str], records: set[Record]) -> set[frozenset[Record]]:
    """Which records are together."""
    found: dict[str, set[Record]] = {}
    for record, customer in customers.items():
        if record in records:
            found.setdefault(customer, set()).add(record)
    return {frozenset(group) for group in found.values()}


@dataclass(frozen=True)
class Simulation:
    """Ten loads.

    Attributes:
        world: after the last one.
        company: all that its source delivers then.
        customers: the customer of each record after each load, from the first.
        people: the records of each person after each load, from identifiers alone.
    """

    world: World
    company: Company
    customers: list[dict[Record, str]]
    people: list[set[frozenset[Record]]]

    def of(self, number: int, record: Record) -> str:
        """A record's customer after a load, 1 for the first."""
        return self.customers[number - 1][record]


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory, session: Session) -> Simulation:
    """The ten loads, a run each."""
    world = a_world(tmp_path_factory.mktemp("ids") / "home")
    company = Company({})
    found = Simulation(world, company, [], [])
    for number in range(1, LAST + 1):
        next_load(company)
        company.load(world)
        if number == 1:
            session.dbt(world, "seed")
        run(session, world)
        found.customers.append(current(world))
        found.people.append(company.people())
    return found


def test_untouched_people_keep_their_id(simulation: Simulation):
    first = simulation.customers[0]
    for number, customers in enumerate(simulation.customers, 1):
        for one in UNTOUCHED:
            records = [record for record in customers if record.startswith(one)]
            assert len(records) == 2 + (1 <= UNTOUCHED.index(one) <= number)
            assert {customers[record] for record in records} == {first[f"{one}a"]}


def test_customers_are_the_people_after_every_load(simulation: Simulation):
    for customers, people in zip(simulation.customers, simulation.people, strict=True):
        assert partition(customers, set().union(*people)) == people


def test_a_merge_keeps_the_older_id(simulation: Simulation):
    """Older is who was made by an earlier run; of one run, who has the older record."""
    assert simulation.of(3, "e1") == simulation.of(2, "a1") != simulation.of(2, "e1")
    assert {simulation.of(5, record) for record in ("a1", "e1", "b1")} == {simulation.of(4, "b1")}


def test_a_split_keeps_the_id_with_the_larger_part(simulation: Simulation):
    before, after = simulation.customers[2], simulation.customers[3]
    assert {after[record] for record in ("c3", "c4", "c5")} == {before["c1"]}
    assert after["c1"] == after["c2"] != before["c1"]


def test_an_id_that_ended_never_comes_back(simulation: Simulation):
    """c1 is split off twice, and was never the oldest record of the same customer again."""
    of_c1 = [simulation.of(number, "c1") for number in (3, 4, 7, 8, 9)]
    assert of_c1[2] == of_c1[0]
    assert len(set(of_c1)) == 4
    used: dict[str, int] = {}
    for number, customers in enumerate(simulation.customers):
        for customer in set(customers.values()):
            assert used.get(customer, number) >= number - 1
            used[customer] = number


def test_what_vanished_goes_where_its_customer_went(simulation: Simulation):
    assert simulation.of(9, "c2") == simulation.of(9, "c1") == simulation.of(8, "d1")
    assert simulation.of(10, "c2") not in set(simulation.customers[8].values())


def test_every_change_is_logged_with_its_reason(simulation: Simulation):
    rows = simulation.world.rows(
        "select dense_rank() over (order by changed_at), change_type, customer_id,"
        " previous_customer_id, records_count, reason from identity.identity_changes"
        " qualify change_type <> 'created' order by all"
    )
    of = simulation.of
    nothing = "nothing ties these records to the others any more"
    assert rows == [
        (3, "merged", of(3, "a1"), of(2, "e1"), 1, "tied by phone"),
        (4, "split", of(4, "c1"), of(3, "c1"), 2, nothing),
        (5, "merged", of(4, "b1"), of(4, "a1"), 4, "tied by loyalty_id"),
        (6, "moved", of(5, "d1"), of(5, "c5"), 1, "tied by phone"),
        (7, "merged", of(6, "c3"), of(6, "c1"), 2, "tied by phone"),
        (8, "split", of(8, "c1"), of(7, "c3"), 2, nothing),
        (9, "merged", of(8, "d1"), of(8, "c1"), 2, "tied by phone"),
        (10, "split", of(10, "c2"), of(9, "d1"), 1, nothing),
    ]
    created = simulation.world.rows(
        "select records_count, reason, count(*) from identity.identity_changes"
        " where change_type = 'created' group by all order by all"
    )
    assert created == [
        (1, "a new record", 1),
        (2, "new records, tied by email", len(UNTOUCHED) + 1),
        (3, "new records, tied by email", 2),
        (6, "new records, tied by email", 1),
    ]


def test_redirects_follow_chains_to_who_holds_the_records_now(simulation: Simulation):
    of = simulation.of
    redirects = dict(
        simulation.world.rows(
            "select retired_customer_id, customer_id from identity.identity_redirects"
        )
    )
    assert redirects == {
        of(2, "e1"): of(10, "b1"),  # by way of ann
        of(4, "a1"): of(10, "b1"),
        of(4, "c1"): of(10, "d1"),  # to cam, split off again, to dee
        of(8, "c1"): of(10, "d1"),
    }


def test_ties_count_from_when_they_could_be_known(simulation: Simulation):
    """What the last run could have found, and this one did, is known from this one's day on."""
    rows = simulation.world.rows(
        "select source_record_id, customer_id, linked_at from identity.identity_map"
    )
    linked_at = {(record, customer): at for record, customer, at in rows}
    of = simulation.of
    assert linked_at["a2", of(1, "a2")] == datetime(2025, 2, 1)
    assert linked_at["e1", of(3, "e1")] == datetime(2026, 3, 3, 12)
    assert linked_at["a1", of(5, "a1")] == datetime(2026, 3, 5)
    # split off: nothing was found, so its history stays
    assert linked_at["c1", of(4, "c1")] == datetime(2025, 3, 1)
    assert linked_at["c5", of(6, "c5")] == datetime(2026, 3, 6, 12)


def test_each_change_ends_a_row_and_begins_another(simulation: Simulation):
    """A record's rows follow one another without a gap, and only changes were written."""
    gaps = simulation.world.rows(
        "select source_record_id from (select *, lead(valid_from) over ("
        "  partition by source_name, source_record_id order by valid_from) as next_from,"
        "  lead(customer_id) over ("
        "  partition by source_name, source_record_id order by valid_from) as next_customer"
        "  from identity.identity_map)"
        " where valid_to is distinct from next_from or customer_id = next_customer"
    )
    assert gaps == []
    ended, records = simulation.world.rows(
        "select count(valid_to), count(distinct source_record_id) from identity.identity_map"
    )[0]
    assert ended == 1 + 2 + 4 + 1 + 2 + 2 + 2 + 1
    assert records == len(simulation.customers[-1])


def test_all_at_once_gives_the_same_people(
    simulation: Simulation, tmp_path: Path, session: Session
):
    """As a partition: the ids of a first build are those of the oldest records."""
    fresh = a_world(tmp_path / "home")
    simulation.company.load(fresh)
    session.dbt(fresh, "seed")
    run(session, fresh)
    records = set(simulation.company.rows)
    assert partition(current(fresh), records) == partition(simulation.customers[-1], records)


@pytest.mark.parametrize("options", [[], ["--full-refresh"]])
def test_a_rerun_changes_nothing(simulation: Simulation, session: Session, options: list[str]):
    before = kept(simulation.world)
    run(session, simulation.world, *options)
    assert kept(simulation.world) == before


def test_standing_at_an_earlier_day_moves_nobody(simulation: Simulation, session: Session):
    before = kept(simulation.world)
    run(session, simulation.world, "--vars", f"{{as_of_date: '{day(4)}'}}")
    assert kept(simulation.world) == before


def test_a_run_that_is_undone_leaves_all_as_it_was(
    simulation: Simulation, tmp_path: Path, session: Session
):
    """It merges, splits and makes a customer, and misses a gate."""
    world, company = simulation.world, Company(dict(simulation.company.rows), LAST + 1)
    before = kept(world)
    company.tie("phone:7011", "b1 c3", f"{day(LAST + 1)} 12:00:00")
    company.tie("email:fay@x.org", "f1", f"{day(LAST + 1)} 12:00:00")
    company.untie("email:dee@x.org", "d2")
    company.load(world)
    run(session, world, passes=False)
    assert world.value("select count(*) from identity.identity_moves") > 3
    after = kept(world)
    assert after["identity_map"] == before["identity_map"]
    assert after["identity_changes"] == before["identity_changes"]
    run(session, world)
    assert len(kept(world)["identity_changes"]) == len(before["identity_changes"]) + 3


def test_score_history_follows_a_merge(demo_copy: World, session: Session):
    """Two customers with scores turn out to be one; both had scores a month before."""
    world = demo_copy
    kept_id, gone_id = two_who_merge(world)
    month_ago = "score_date - 30"
    world.change(
        "insert into scores.customer_score_history"
        f" select * replace ({month_ago} as score_date, 'before' as run_id)"
        " from scores.customer_score_history",
        "delete from scores.customer_score_history where run_id = 'before'"
        f" and prediction = 'purchase' and customer_id = '{kept_id}'",
    )
    scores = dict(
        world.rows(
            "select customer_id || prediction, score from scores.customer_score_history"
            " where run_id = 'before'"
        )
    )
    session.dbt(world, "run")
    assert world.rows(
        "select retired_customer_id, customer_id from identity.identity_redirects"
    ) == [(gone_id, kept_id)]
    assert (
        world.rows(
            "select distinct customer_id from customer_score_history"
            " where customer_id not in (select customer_id from customers)",
            published=True,
        )
        == []
    )
    found = world.rows(
        "select prediction, score, lead(past_score) over (partition by prediction order by"
        " score_date) from customer_score_history"
        f" where customer_id = '{kept_id}' qualify score_date < max(score_date) over ()"
        " order by prediction",
        published=True,
    )
    churn, purchase = scores[f"{kept_id}churn"], scores[f"{gone_id}purchase"]
    assert [row for row in found if row[0] in ("churn", "purchase")] == [
        ("churn", churn, churn),
        ("purchase", purchase, purchase),
    ]
