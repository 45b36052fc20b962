"""Bad input at the front door: no event, one, one customer, wrong types, numbers and clocks.

The project is the inputs with their gate, the timeline and the features. There is one source, whose
records are customers of their own, so that a load takes seconds.
"""

import shutil
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.worlds import PROJECT, Session, World

PARTS = ["dbt_project.yml", "profiles.yml", "macros", "seeds", "expectations", "tests/generic"]
PARTS += ["models/inputs", "python_models/inputs"]
MODELS = ["timeline", "features"]  # without what is told and tested of them
RUN_ID = "select '{{ invocation_id }}' as run_id"
STUBS = {
    "staging/till/stg_till__events": "select * from raw_till.events",
    "identity/identity_map": (
        "select source_name, source_record_id, source_record_id as customer_id,"
        " min(occurred_at) as linked_at, cast(null as timestamp) as valid_to"
        " from {{ ref('input_events') }} group by all"
    ),
    "identity/identity_shared_records": (
        "select *, 1 as turn_number, linked_at as used_from, linked_at as used_to"
        " from {{ ref('identity_map') }} where 1 = 0"
    ),
    "features/gate_features": RUN_ID,
    "training/model_registry": "select null::varchar as model_id where 1 = 0",
    "scores/gate_scores": RUN_ID,
    "monitoring/model_alarms": "select null::varchar as prediction where 1 = 0",
}
GATES = ["feature_magnitudes", "feature_profile", "feature_shifts", "gate_features"]
VARS = "{worlds: {demo: {reporting_currency: EUR, sources: {till: [events]}}}}"
BEHIND = ["timeline_owned_events", "timeline_days", "customer_features"]

TODAY = date(2026, 3, 31)  # the events of it come in while it runs
LOADED = datetime(2026, 3, 31, 6)

Event = dict[str, Any]


def event(key: str, at: datetime, event_type: str = "purchase", **other: object) -> Event:
    """One of Ana's events, good unless told otherwise."""
    return {
        "event_id": key, "source_record_id": "ana", "event_type": event_type, "occurred_at": at,
        "time_zone": "Europe/Lisbon", "channel": "store", "order_id": key, "quantity": 1,
        "unit_price": 5, "discount_amount": 0, "amount": 5, "currency": "EUR",
        "loaded_at": LOADED, **other,
    }  # fmt: skip


def load(world: World, events: list[Event]) -> None:
    """Replaces all that the till delivered."""
    text = ["event_id", "source_record_id", "event_type", "time_zone", "channel", "item_id"]
    text += ["order_id", "campaign_id", "message_id", "currency", "properties", "loaded_from"]
    columns = [f"{name} varchar" for name in text]
    columns += [f"{name} timestamp" for name in ("occurred_at", "loaded_at")]
    columns += [f"{n} varchar" for n in ("quantity", "unit_price", "discount_amount", "amount")]
    world.change(
        "create schema if not exists raw_till",
        f"create or replace table raw_till.events ({', '.join(columns)})",
        *(
            f"insert into raw_till.events ({', '.join(one)})"
            f" values ({', '.join('null' if v is None else repr(str(v)) for v in one.values())})"
            for one in events
        ),
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, session: Session) -> World:
    """The project, and the seeds in its warehouse."""
    home = tmp_path_factory.mktemp("bad_input") / "home"
    project = home / "project"
    for part in PARTS:
        (project / part).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (PROJECT / part).is_dir() else shutil.copy)(
            PROJECT / part, project / part
        )
    for tests in (project / "models").rglob("*unit_tests.yml"):
        tests.unlink()
    for folder in MODELS:
        (project / "models" / folder).mkdir()
        for model in (PROJECT / "models" / folder).glob("*.sql"):
            if model.stem not in GATES:
                shutil.copy(model, project / "models" / folder)
    for name, text in STUBS.items():
        model = project / "models" / f"{name}.sql"
        model.parent.mkdir(parents=True, exist_ok=True)
        model.write_text("{{ config(materialized='view') }}\n" + text)
    (home / "warehouse").mkdir()
    world = World(home, "demo", project)
    session.dbt(world, "seed", "--vars", VARS)
    return world


def run(session: Session, world: World, events: list[Event]) -> dict[str, str]:
    """Loads and runs up to the features; the nodes that failed with what they said."""
    load(world, events)
    what = ["+customer_features", "quarantine", "input_row_accounting"]
    done = session.dbt(world, "run", "--vars", VARS, "--select", *what, check=False)
    assert "Traceback" not in done.stdout
    failures = {one["node"]: one["message"] for one in world.status["failures"]}
    assert bool(failures) == bool(done.returncode)
    assert not any("\n" in message for message in failures.values())
    return failures


def built_now(world: World) -> set[str]:
    """The nodes of the last run that were built."""
    ((nodes,),) = world.rows(
        "select list(node.node) from (select unnest(from_json(nodes,"
        """ '[{"node": "varchar", "status": "varchar"}]')) as node"""
        "  from (from journal.runs order by started_at desc limit 1))"
        " where node.status = 'success'"
    )
    return set(nodes)


def test_an_empty_table_is_a_red_gate(world: World, session: Session) -> None:
    failures = run(session, world, [])
    assert list(failures) == ["gate_inputs"]
    assert "Gate inputs is red: input_events: 0, expected: at least 1" in failures["gate_inputs"]
    assert not built_now(world) & {*BEHIND, "timeline_as_of_date"}


def test_one_event_is_no_history_yet(world: World, session: Session) -> None:
    failures = run(session, world, [event("first", datetime(2026, 3, 30, 12))])
    assert failures == {
        "timeline_as_of_date": "No day of events is whole: they begin on 2026-03-30, and that day"
        " may still be running. Load more days, or stand at that one as it is:"
        " as_of_date 2026-03-30."
    }
    assert not built_now(world) & set(BEHIND)


def test_a_wrong_var_stops_before_anything_runs(world: World, session: Session) -> None:
    """All ways to be wrong: tests/unit/macros/test_settings.py."""
    done = session.dbt(world, "parse", "--vars", VARS[:-1] + ", journey: 90}", check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stdout
    assert "The var journey is 90: name considering_days, " in " ".join(done.stdout.split())


# what is wrong with a row, and the reason that it is quarantined for
NOON = datetime(2026, 3, 20, 12)
WRONG: list[tuple[Event, str]] = [
    (event("unseen", NOON, "purchse"), "unknown_event_type"),
    (event("unseen, in capitals", NOON, "PURCHASE"), "unknown_event_type"),
    (event("of no type", NOON, None), "unknown_event_type"),  # type: ignore[arg-type]
    (event("given back as less than nothing", NOON, quantity=-1), "quantity_not_positive"),
    (event("negative return", NOON, "return", quantity=-1), "quantity_not_positive"),
    (event("negative price", NOON, unit_price=-5), "unit_price_not_positive"),
    (event("negative amount", NOON, amount=-5), "amount_missing_or_negative"),
    (event("negative discount", NOON, discount_amount=-1), "negative_number"),
    (event("negative in the cart", NOON, "cart_add", quantity=-1), "negative_number"),
    (event("negative price of a view", NOON, "page_view", unit_price=-1), "negative_number"),
    (event("a clock of 1970", datetime(1970, 1, 1)), "occurred_too_early"),
    (event("25 hours ahead", LOADED + timedelta(hours=25)), "occurred_after_loading"),
]
GOOD = [event(f"good {n}", datetime(2026, 3, 31, 5) - timedelta(days=n)) for n in range(40)]
# kept, and of the day after the running one
AHEAD = [event("24 hours ahead", LOADED + timedelta(hours=24))]


@pytest.fixture(scope="module")
def one_customer(world: World, session: Session) -> World:
    """Forty days of one customer, with every wrong row among them, and a till that is fast."""
    failures = run(session, world, [*GOOD, *AHEAD, *(row for row, _ in WRONG)])
    assert failures == {}
    return world


def test_wrong_rows_are_set_aside_with_their_reason(one_customer: World) -> None:
    found = one_customer.rows(
        "select row_content ->> 'event_id', rejection_reason from inputs.quarantine"
    )
    assert dict(found) == {row["event_id"]: reason for row, reason in WRONG}
    assert len(found) == len(WRONG)


def test_nothing_is_lost(one_customer: World) -> None:
    found = one_customer.rows(
        "select row_outcome, sum(rows_count) from inputs.input_row_accounting group by all"
    )
    assert dict(found) == {"kept": len(GOOD) + len(AHEAD), "quarantined": len(WRONG)}


def test_the_running_day_is_not_the_last_one(one_customer: World) -> None:
    """By its clock the till is in tomorrow; what happened there isn't seen yet."""
    yesterday = TODAY - timedelta(days=1)
    assert one_customer.rows("from timeline.timeline_as_of_date") == [
        (yesterday, yesterday - timedelta(days=38))
    ]


def test_one_customer_has_features(one_customer: World) -> None:
    found = one_customer.rows(
        "select customer_id, as_of_date, purchases_count, days_since_last_purchase"
        " from features.customer_features"
    )
    assert found == [("ana", TODAY - timedelta(days=1), 39, 0)]
