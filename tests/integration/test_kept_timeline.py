"""The timeline goes on from what it holds: whatever comes in, it ends up as one laid out anew.

The project is the timeline alone: its inputs and identity are views of made-up tables, so that a
load takes seconds.
"""

import random
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.worlds import PROJECT, Session, World

MODELS = ["as_of_date", "owners", "changed_days", "changed_events", "changes", "events_over_cap"]
MODELS += ["kept_tables", "owned_events", "days", "orders", "items", "customer_days"]
# all that is kept from run to run
KEPT = ["owned_events", "days", "orders", "items", "customer_days"]
STUBS = {
    "inputs/input_events": "select * from raw_log.events",
    "inputs/gate_inputs": "select '{{ invocation_id }}' as run_id",
    "identity/identity_map": "select *, cast(null as timestamp) as valid_to from raw_log.owners",
    "identity/identity_shared_records": "select * from raw_log.turns",
    "features/gate_features": "select '{{ invocation_id }}' as run_id",
    "scores/gate_scores": "select '{{ invocation_id }}' as run_id",
}
VIEW = "{{ config(materialized='view') }} "
COLUMNS = (
    "event_id varchar, source_record_id varchar, event_type varchar, occurred_at timestamp,"
    " time_zone varchar, channel varchar, item_id varchar, order_id varchar, campaign_id varchar,"
    " message_id varchar, quantity decimal(18,4), unit_price decimal(18,4),"
    " discount_amount decimal(18,4), amount decimal(18,4), currency varchar, properties varchar,"
    " reporting_rate decimal(18,12), loaded_at timestamp"
)
DAYS = 30
FIRST = datetime(2024, 2, 1)

Event = tuple[str, str, str, datetime, int]  # id, record, type, when, amount


class Log:
    """What the source says: events by id, owners of records, turns of shared ones."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.events: dict[str, Event] = {}
        self.added = 0
        self.owners = {f"r{number}": f"c{number // 2}" for number in range(40)}
        self.turns: list[tuple[str, int, str, datetime | None, datetime | None]] = []
        for _ in range(400):
            self.add(self.draw.randrange(DAYS))

    def add(self, day: int, kind: str | None = None, record: str | None = None) -> str:
        """An event on a day."""
        key = f"e{self.added:05}"
        self.added += 1
        at = FIRST + timedelta(days=day, seconds=self.draw.randrange(86_400))
        record = record or f"r{self.draw.randrange(40)}"
        kind = kind or self.draw.choice(["page_view", "purchase", "search"])
        self.events[key] = (key, record, kind, at, self.draw.randrange(1, 100))
        return key

    def load(self, world: World) -> None:
        """Brings all of it into the raw tables."""
        with duckdb.connect(str(world.warehouse)) as con:
            con.execute("create schema if not exists raw_log")
            con.execute(f"create or replace table raw_log.events (source_name varchar, {COLUMNS})")
            con.executemany(
                "insert into raw_log.events select 'web', ?, ?, ?, ?, 'Europe/Berlin', 'web', ?,"
                " ?, null, null, 1, 1, 0, ?, 'EUR', null, 1, ?",
                [
                    [*event[:4], f"i{event[4] % 3}", event[0], event[4], event[3]]
                    for event in self.events.values()
                ],
            )
            con.execute(
                "create or replace table raw_log.owners (source_name varchar,"
                " source_record_id varchar, customer_id varchar, linked_at timestamp)"
            )
            con.executemany(
                "insert into raw_log.owners values ('web', ?, ?, timestamp '2024-01-15')",
                [list(owner) for owner in self.owners.items()],
            )
            con.execute(
                "create or replace table raw_log.turns (source_name varchar, source_record_id"
                " varchar, turn_number integer, customer_id varchar, used_from timestamp,"
                " used_to timestamp, linked_at timestamp)"
            )
            for turn in self.turns:
                con.execute(
                    "insert into raw_log.turns values ('web', ?, ?, ?, ?, ?, '2024-01-20')",
                    list(turn),
                )


def a_world(home: Path) -> World:
    """The project's timeline, behind inputs and identity of a few words."""
    project = home / "project"
    for part in ("macros", "seeds"):
        shutil.copytree(PROJECT / part, project / part)
    for part in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / part, project / part)
    for name, text in STUBS.items():
        model = project / "models" / f"{name}.sql"
        model.parent.mkdir(parents=True, exist_ok=True)
        model.write_text(VIEW + text)
    (project / "models" / "timeline").mkdir()
    for name in MODELS:
        shutil.copy(PROJECT / f"models/timeline/timeline_{name}.sql", project / "models/timeline")
    (home / "warehouse").mkdir()
    return World(home, "demo", project)


def build(session: Session, world: World, *options: str) -> None:
    """Brings the timeline up to what the raw tables say."""
    cap = "{timeline_daily_cap: 3}"
    session.dbt(world, "run", "--select", "path:models", "--vars", cap, *options)


def timeline(world: World) -> dict[str, list[tuple]]:
    """All that is kept, by table."""
    rows = "select * from timeline.timeline_{} order by all"
    return {name: world.rows(rows.format(name)) for name in KEPT}


@pytest.fixture(scope="module")
def log() -> Log:
    return Log(seed=7)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, session: Session, log: Log) -> World:
    """The first load."""
    world = a_world(tmp_path_factory.mktemp("timeline") / "home")
    log.load(world)
    session.dbt(world, "seed")
    build(session, world)
    return world


def new_day(log: Log) -> None:
    for _ in range(20):
        log.add(DAYS)


def late(log: Log) -> None:
    log.add(3, "purchase", "r1")
    log.add(12, "search", "r8")


def corrected(log: Log) -> None:
    for key in list(log.events)[50:55]:
        *same, amount = log.events[key]
        log.events[key] = (*same, amount + 1)
    key, record, _, *rest = log.events["e00060"]
    log.events[key] = (key, record, "page_view", *rest)


def withdrawn(log: Log) -> None:
    for key in ("e00010", "e00100", "e00200"):
        del log.events[key]


def moved_to_another_day(log: Log) -> None:
    key, record, kind, at, amount = log.events["e00020"]
    log.events[key] = (key, record, kind, at - timedelta(days=4), amount)


def merged(log: Log) -> None:
    log.owners["r4"] = log.owners["r5"] = "c9"


def split(log: Log) -> None:
    log.owners["r12"] = "c99"


def shared_by_two(log: Log) -> None:
    middle = FIRST + timedelta(days=14)
    log.turns += [("r20", 1, "c10", None, middle), ("r20", 2, "c77", middle, None)]


def next_turn(log: Log) -> None:
    middle = FIRST + timedelta(days=14)
    end = FIRST + timedelta(days=21)
    log.turns[1:] = [("r20", 2, "c77", middle, end), ("r20", 3, "c10", end, None)]


def robot(log: Log) -> None:
    for _ in range(9):
        log.add(11, "page_view", "r30")


def nothing_left_of_it(log: Log) -> None:
    for key in [key for key, event in log.events.items() if event[1] == "r30"]:
        del log.events[key]


# several at once, so that they meet
LOADS = [
    [new_day, late, merged],
    [corrected, withdrawn, shared_by_two],
    [moved_to_another_day, split, next_turn, robot],
    [nothing_left_of_it],
]


def test_whatever_comes_in_it_is_as_laid_out_anew(world: World, session: Session, log: Log):
    for number, changes in enumerate(LOADS):
        for change in changes:
            change(log)
        log.load(world)
        build(session, world)
        kept = timeline(world)
        anew = world.copy(world.home.parent / f"anew_{number}")
        build(session, anew, "--full-refresh")
        assert kept == timeline(anew), [change.__name__ for change in changes]
        assert {row[3] for row in kept["owned_events"]} == log.events.keys()
        assert len(kept["owned_events"]) == len(log.events)
        shutil.rmtree(anew.home)


def test_a_run_that_stopped_in_the_middle_is_made_good(world: World, session: Session, log: Log):
    """Events were laid out and some of the sums were not: the next run finds out."""
    for left_out in (["timeline_days"], ["timeline_orders", "timeline_items"]):
        new_day(log)
        late(log)
        log.load(world)
        build(session, world, "--exclude", *left_out, "timeline_customer_days")
        build(session, world)
        kept = timeline(world)
        anew = world.copy(world.home.parent / "anew")
        build(session, anew, "--full-refresh")
        assert kept == timeline(anew), left_out
        shutil.rmtree(anew.home)


def changes(world: World) -> list[tuple]:
    """What the last run laid out anew: customer, kind, and from which day on."""
    return world.rows(
        "select customer_id, event_type, changes_from from timeline.timeline_changes order by all"
    )


def test_only_what_changed_is_laid_out_anew(world: World, session: Session, log: Log):
    build(session, world)
    assert changes(world) == []

    at = log.events[log.add(15, "purchase", "r3")][3]
    log.load(world)
    build(session, world)
    assert changes(world) == [(log.owners["r3"], "purchase", at.date())]


def test_robots_are_over_the_cap(world: World, session: Session, log: Log):
    for _ in range(6):
        log.add(21, "search", "r31")
    for _ in range(6):
        log.add(22, "purchase", "r31")
    log.load(world)
    build(session, world)
    day = (FIRST + timedelta(days=21)).date()
    numbered = world.rows(
        "select count(*), count(event_number) from timeline.timeline_owned_events"
        f" where source_record_id = 'r31' and event_type = 'search' and event_date = '{day}'"
    )
    assert numbered[0][0] >= 6
    assert numbered[0][1] == 3
    assert (
        world.value(
            "select count(*) from timeline.timeline_owned_events"
            " where event_type = 'purchase' and event_number is null"
        )
        == 0
    )
