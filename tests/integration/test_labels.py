"""Labels on random timelines: the SQL says what a plain reading of their definition says.

The SQL counts UTC days; the reading here compares moments. Between them lie midnights, leap days
and month ends, and at these the events are drawn.
"""

import csv
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.structure.project import ROOT, nodes_of, run_dbt

VARS = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
HORIZONS: dict[str, list[int]] = VARS["label_horizons"]
CHURN_DAYS: int = VARS["predictions"]["churn"]["horizon_days"]
PURCHASE_DAYS: int = VARS["predictions"]["purchase"]["horizon_days"]
MESSAGE_CHANNELS: list[str] = VARS["feature_message_channels"]

with (ROOT / "seeds" / "event_types.csv").open(encoding="utf-8") as seed:
    TYPES = {row["event_type"]: row for row in csv.DictReader(seed)}

# from events to labels, in the order in which they read one another
CHAIN = [
    *("timeline_owned_events", "timeline_days", "timeline_orders", "timeline_customer_snapshots"),
    *("label_days", "timeline_purchase_days"),
    *("label_windows", "label_next_purchase", "label_churn", "label_purchase", "label_revenue"),
    *("label_engagement", "label_lead_conversion"),
]


@dataclass(frozen=True)
class Event:
    """What happened, to whom, and when it was known whose it is."""

    customer: str
    event_type: str
    channel: str
    occurred_at: datetime
    linked_at: datetime
    amount: Decimal

    def has(self, meaning: str) -> bool:
        return TYPES[self.event_type][meaning] == "true"

    def known_at(self) -> datetime:
        return max(self.occurred_at, self.linked_at)


@dataclass(frozen=True)
class World:
    """A few customers' events, the past days that are looked at, and the day of the run."""

    events: list[Event]
    snapshots: list[date]
    today: date


Rows = set[tuple[object, ...]]
Labels = dict[str, Rows]


def end_of(day: date) -> datetime:
    """The first moment after a UTC day."""
    return datetime.combine(day + timedelta(days=1), time())


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Small worlds whose events lie at the edges of days and windows."""
    days = [date(2023, 2, 28), date(2024, 2, 28), date(2024, 2, 29), date(2024, 1, 31)]
    days += [date(2024, 3, 31), date(2024, 12, 31), date(2023, 3, 1)]
    snapshots = draw(st.lists(st.sampled_from(days), min_size=1, max_size=3, unique=True))
    horizons = [0, 1, PURCHASE_DAYS, CHURN_DAYS, 365]
    around = st.sampled_from([h + step for h in horizons for step in (-1, 0, 1)])
    moments = st.builds(
        lambda day, distance, at: datetime.combine(day + timedelta(days=distance), at),
        st.sampled_from(snapshots),
        around,
        st.sampled_from([time(), time(23, 59, 59, 999999), time(23, 59, 59), time(12)]),
    )
    events = st.builds(
        Event,
        st.sampled_from(["c1", "c2", "c3"]),
        # purchases and messages more often than the rest, or few labels would be 1
        st.sampled_from(["purchase", "message_sent", "message_opened", "lead_created", *TYPES]),
        st.sampled_from(["email", "sms", "web"]),
        moments,
        st.one_of(st.just(datetime(2023, 1, 1)), moments),
        st.decimals(min_value=0, max_value=1000, places=4),
    )
    today = st.builds(
        lambda day, distance: day + timedelta(days=distance), st.sampled_from(snapshots), around
    )
    return World(draw(st.lists(events, max_size=12)), snapshots, draw(today))


def first(moments: list[datetime]) -> datetime | None:
    return min(moments, default=None)


def read_plainly(world: World) -> Labels:
    """All labels of a world by their definition, an event at a time."""
    found: Labels = defaultdict(set)
    run_end = end_of(world.today)
    for day in world.snapshots:
        begin = end_of(day)
        if begin >= run_end:
            continue
        known = {e.customer for e in world.events if e.known_at() < begin}
        for customer in known:
            events = [e for e in world.events if e.customer == customer]

            def within(
                horizon: int, happened: list[Event] = events, day: date = day
            ) -> list[Event]:
                end = end_of(day + timedelta(days=horizon))
                return [e for e in happened if end_of(day) <= e.occurred_at < end]

            add_waits(found, customer, day, events, run_end)
            for name, days in (("churn", CHURN_DAYS), ("purchase", PURCHASE_DAYS)):
                if end_of(day + timedelta(days=days)) <= run_end:
                    has_bought = any(e.event_type == "purchase" for e in within(days))
                    found[f"label_{name}"].add(
                        (customer, day, int(has_bought == (name != "churn")))
                    )
            add_windowed(found, customer, day, events, run_end, within)
    return found


def add_waits(
    found: Labels, customer: str, day: date, events: list[Event], run_end: datetime
) -> None:
    """The row of label_next_purchase."""
    later = [
        e.occurred_at
        for e in events
        if e.event_type == "purchase" and end_of(day) <= e.occurred_at < run_end
    ]
    known_days = (run_end - end_of(day)).days
    bought = first(later)
    wait = None if bought is None else (bought - end_of(day)).days + 1
    censored_after = known_days if wait is None else None
    found["label_next_purchase"].add(
        (customer, day, known_days, wait, wait is None, censored_after, wait or known_days)
    )


def add_windowed(
    found: Labels,
    customer: str,
    day: date,
    events: list[Event],
    run_end: datetime,
    within: Callable[[int], list[Event]],
) -> None:
    """The rows of the labels that stand once per horizon."""
    for name, horizons in HORIZONS.items():
        for horizon in horizons:
            if end_of(day + timedelta(days=horizon)) > run_end:
                continue
            window = within(horizon)
            key = (customer, day, horizon)
            if name == "revenue":
                bought = sum((e.amount for e in window if e.has("is_revenue")), Decimal(0))
                back = sum((e.amount for e in window if e.event_type == "return"), Decimal(0))
                found["label_revenue"].add((*key, bought, back))
            elif name == "engagement":
                add_engagement(found, key, window)
            elif name == "lead_conversion":
                is_lead = any(
                    e.event_type == "lead_created" and e.known_at() < end_of(day) for e in events
                )
                had_bought = any(
                    e.has("is_revenue") and e.occurred_at < end_of(day) for e in events
                )
                if is_lead and not had_bought:
                    converts = any(e.has("is_revenue") for e in window)
                    found["label_lead_conversion"].add((*key, int(converts)))


def add_engagement(found: Labels, key: tuple[str, date, int], window: list[Event]) -> None:
    """The rows of label_engagement: one per channel on which somebody was reached."""
    for channel in MESSAGE_CHANNELS:
        touches = [e for e in window if e.has("is_touch") and e.channel == channel]
        if not touches:
            continue
        since = datetime.combine(min(e.occurred_at for e in touches).date(), time())
        later = [e for e in window if e.occurred_at >= since]
        did = any(
            e.has("is_engagement") and not e.has("is_touch") and e.channel == channel for e in later
        )
        bought = any(e.has("is_revenue") for e in later)
        found["label_engagement"].add((*key, channel, len(touches), int(did), int(bought)))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The SQL of each model of the chain, with relations named by the model alone."""
    folder: Path = tmp_path_factory.mktemp("labels")
    manifest = run_dbt(
        ["compile", "--no-introspect", "--no-populate-cache", "--select", *CHAIN],
        target="demo",
        folder=folder,
    )
    relations = {
        node["relation_name"]: node["name"]
        for kind in ("model", "seed")
        for node in nodes_of(manifest, kind)
        if node.get("relation_name")
    }
    compiled = {}
    for node in nodes_of(manifest, "model"):
        if node["name"] in CHAIN:
            sql = node["compiled_code"]
            for relation, name in relations.items():
                sql = sql.replace(relation, name)
            compiled[node["name"]] = sql
    return compiled


@pytest.fixture(scope="module")
def warehouse() -> duckdb.DuckDBPyConnection:
    """An empty warehouse with the seed; a session in another time zone must change nothing."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'Pacific/Auckland'")
    seed = ROOT / "seeds" / "event_types.csv"
    connection.execute(f"create table event_types as from read_csv('{seed}')").fetchall()
    return connection


def build(world: World, compiled: dict[str, str], warehouse: duckdb.DuckDBPyConnection) -> Labels:
    """All labels of a world as the SQL has them."""
    text = [
        *("source_name", "source_record_id", "event_id", "event_type", "time_zone", "channel"),
        *("item_id", "order_id", "campaign_id", "message_id", "currency", "properties"),
    ]
    amounts = ["quantity", "unit_price", "discount_amount", "amount"]
    columns = [f"{name} varchar" for name in text] + [f"{n} decimal(18,4)" for n in amounts]
    tables = {
        "input_events": f"{', '.join(columns)}, occurred_at timestamp,"
        " reporting_rate decimal(18, 12)",
        "timeline_owners": "source_name varchar, source_record_id varchar, customer_id varchar, "
        "used_from timestamp, used_to timestamp, linked_at timestamp, owner_print bigint",
        "timeline_events_over_cap": "source_name varchar, event_id varchar",
        "timeline_changes": "customer_id varchar, event_type varchar, changes_from date, "
        "events_before_count bigint, last_before_at timestamp",
        "timeline_snapshots": "as_of_date date, is_current boolean",
        "timeline_as_of_date": "as_of_date date",
        "label_scores_to_judge": "customer_id varchar, score_date date",
    }
    for name, definition in tables.items():
        warehouse.execute(f"create or replace table {name} ({definition})").fetchall()
    for number, event in enumerate(world.events):
        # each event is of a record of its own, so that each may be tied at another time; by the
        # clocks of Kiritimati it is already the day after
        warehouse.execute(
            "insert into input_events by name select 'shop' as source_name, $1 as source_record_id,"
            " $1 as event_id, $2 as event_type, $3 as channel, $4::timestamp as occurred_at,"
            " $5::decimal(18,4) as amount, 'Pacific/Kiritimati' as time_zone, 1 as reporting_rate",
            [f"r{number}", event.event_type, event.channel, event.occurred_at, event.amount],
        ).fetchall()
        warehouse.execute(
            "insert into timeline_owners values ('shop', $1, $2, null, null, $3, $4)",
            [f"r{number}", event.customer, event.linked_at, number],
        ).fetchall()
    for day in {*world.snapshots, world.today}:
        warehouse.execute(
            "insert into timeline_snapshots values ($1, $2)", [day, day == world.today]
        ).fetchall()
    warehouse.execute("insert into timeline_as_of_date values ($1)", [world.today]).fetchall()
    for name in CHAIN:
        warehouse.execute(f"create or replace table {name} as {compiled[name]}").fetchall()
    asked = ("label_days", "label_windows")
    labels = [name for name in CHAIN if name.startswith("label_") and name not in asked]
    found: Labels = {}
    for name in labels:
        rows = warehouse.execute(f"from {name}").fetchall()
        found[name] = set(rows)
        assert len(rows) == len(found[name])
    return found


@settings(max_examples=60, deadline=None, derandomize=True)
@given(world=worlds())
def test_labels_are_what_their_definition_says(
    compiled: dict[str, str], warehouse: duckdb.DuckDBPyConnection, world: World
) -> None:
    found, expected = build(world, compiled, warehouse), read_plainly(world)
    for name, rows in found.items():
        assert rows == expected.get(name, set()), name


EDGES = sorted({days + step for days in (0, PURCHASE_DAYS, CHURN_DAYS, 365) for step in (-1, 0, 1)})


@pytest.mark.parametrize("distance", EDGES)
def test_labels_at_the_edges_of_windows_and_of_today(
    compiled: dict[str, str], warehouse: duckdb.DuckDBPyConnection, distance: int
) -> None:
    """Today and what is done stand at each edge, before it and behind: one customer for each."""
    day, long_ago = date(2024, 1, 30), datetime(2023, 1, 1)
    events = []
    for kind, channel in (
        *(("purchase", "web"), ("return", "web"), ("message_clicked", "email")),
        ("message_sent", "sms"),
    ):
        for days in EDGES:
            for at in (time(), time(23, 59, 59, 999999)):
                customer = f"{kind} {days} {at}"
                moment = datetime.combine(day + timedelta(days=days), at)
                sent = datetime.combine(day + timedelta(days=1), time())
                events += [
                    Event(customer, "lead_created", "web", long_ago, long_ago, Decimal(0)),
                    Event(customer, "message_sent", "email", sent, long_ago, Decimal(0)),
                    Event(customer, kind, channel, moment, long_ago, Decimal(5)),
                ]
    world = World(events, [day], day + timedelta(days=distance))
    found, expected = build(world, compiled, warehouse), read_plainly(world)
    for name, rows in found.items():
        assert rows == expected.get(name, set()), name


def test_the_days_of_labels_are_utc_days(
    compiled: dict[str, str], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """23:59:59 of the last day is in, 00:00:00 of the next out, whatever the local clock says."""
    day, last = date(2024, 1, 30), date(2024, 2, 29)
    ties = datetime(2023, 1, 1)
    for moment, label in [
        (datetime(2024, 1, 30, 23, 59, 59), 0),
        (datetime(2024, 1, 31), 1),
        # the first of March by the clocks of Kiritimati, a leap day by UTC
        (datetime(2024, 2, 29, 23, 59, 59), 1),
        (datetime(2024, 3, 1), 0),
    ]:
        events = [
            Event("c1", "search", "web", datetime(2024, 1, 1), ties, Decimal(0)),
            Event("c1", "purchase", "web", moment, ties, Decimal(5)),
        ]
        found = build(World(events, [day], last), compiled, warehouse)
        assert found["label_purchase"] == {("c1", day, label)}, moment


@pytest.mark.parametrize(
    "world",
    [
        World([], [], date(2024, 2, 29)),
        World([], [date(2024, 1, 1)], date(2024, 2, 29)),
        World(
            [
                Event(
                    "c1", "purchase", "web", datetime(2024, 3, 1), datetime(2024, 3, 1), Decimal(5)
                )
            ],
            [date(2024, 1, 1)],
            date(2024, 2, 29),
        ),
    ],
    ids=["no snapshot", "no event", "nobody known yet"],
)
def test_nothing_to_label_is_no_error(
    compiled: dict[str, str], warehouse: duckdb.DuckDBPyConnection, world: World
) -> None:
    assert not any(build(world, compiled, warehouse).values())
