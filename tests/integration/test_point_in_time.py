"""Nothing in features knows the future: proven by changing it, and by standing in the past."""

from collections import defaultdict

import pytest

from tests.worlds import Session, World

PAST = "2026-01-31"  # a snapshot of the run that stands at 2026-06-30


@pytest.fixture(scope="module")
def standing_in_the_past(
    demo_world: World, tmp_path_factory: pytest.TempPathFactory, session: Session
) -> World:
    """The demo world as it was built when PAST was the last known day.

    Without what identity has learnt since: a later map would place records as it knows them now.
    """
    world = demo_world.copy(tmp_path_factory.mktemp("past") / "home")
    world.change("drop table identity.identity_map")
    session.dbt(
        *(world, "run", "--vars", f"{{as_of_date: '{PAST}'}}"),
        *("--select", "+customer_features", "+customers"),
    )
    return world


def features(world: World, as_of_date: str) -> dict[str, tuple]:
    """Every feature of every customer on a day, by customer."""
    rows = world.rows(f"select * from features.customer_features where as_of_date = '{as_of_date}'")
    return {row[0]: row for row in rows}


def records(world: World) -> dict[str, set[tuple]]:
    """The records of whose events or profiles it was known on PAST that they are a customer's."""
    found = defaultdict(set)
    for customer, *record in world.rows(
        "select customer_id, source_name, source_record_id from timeline.timeline_events"
        f" where known_date <= '{PAST}'"
        " union select customer_id, source_name, source_record_id"
        f" from timeline.timeline_profile_versions where known_date <= '{PAST}'"
    ):
        found[customer].add(tuple(record))
    return found


def test_a_past_snapshot_is_what_standing_there_would_have_shown(
    demo_world: World, standing_in_the_past: World
):
    """The same day is a past snapshot of today's run, and the present of the past run.

    Sources overwrite profiles: what one said before it changed isn't there any more, so that a few
    records are placed with somebody else by a run that stands in the past. They and nobody else
    differ.
    """
    then = features(standing_in_the_past, PAST)
    now = features(demo_world, PAST)
    assert len(then) > 1000
    surviving = then.keys() & now.keys()
    assert len(surviving) > 0.95 * len(then)
    records_then, records_now = records(standing_in_the_past), records(demo_world)
    same = {c for c in surviving if records_then[c] == records_now[c]}
    assert len(same) > 0.998 * len(surviving)
    assert [c for c in same if then[c] != now[c]] == []


def test_later_rows_are_not_read(standing_in_the_past: World):
    latest = standing_in_the_past.value(
        "select max(occurred_at)::date from timeline.timeline_events"
    )
    assert str(latest) == PAST
    assert str(standing_in_the_past.value("select max(as_of_date) from scores.customers")) == PAST


def test_future_events_and_identifiers_change_no_feature(demo_copy: World, session: Session):
    """Events after the last known day, and ties that glue many customers together after it."""
    days = demo_copy.rows("select as_of_date from timeline.timeline_snapshots order by 1")
    before = {str(day): features(demo_copy, str(day)) for (day,) in days}
    shoppers = (
        "select count(distinct customer_id) from timeline.timeline_events"
        " where source_name = 'shop'"
    )
    shoppers_before = demo_copy.value(shoppers)
    demo_copy.change(
        # every order once more in the future, with three times the units
        "insert into raw_shop.orders select order_id || '-later', account_id,"
        " timestamp '2026-07-01 09:00:00', channel, currency, timestamp '2026-07-01 10:00:00'"
        " from raw_shop.orders",
        "insert into raw_shop.order_items select order_id || '-later', line_number, product_id,"
        " quantity * 3, unit_price, discount_amount, timestamp '2026-07-01 10:00:00'"
        " from raw_shop.order_items",
        # pairs of strangers get the same e-mail address: the younger of each pair joins the older,
        # where they are not known to be two people
        "insert into raw_shop.accounts select account_id,"
        " 'glue-' || (row_number() over (order by account_id) // 2) || '@mail.example', null, null,"
        " timestamp '2026-07-01 08:00:00', loaded_at from raw_shop.accounts",
    )
    session.dbt(
        *(demo_copy, "run", "--select", "+customer_features"),
        # past snapshots are built where a training is due
        *("--vars", f"{{snapshot_count: {len(days) - 1}, retrain: true}}"),
    )
    assert demo_copy.value(shoppers) < 0.9 * shoppers_before
    for day, known in before.items():
        after = features(demo_copy, day)
        surviving = known.keys() & after.keys()
        assert len(surviving) > 0.4 * len(known), day
        assert [c for c in surviving if known[c] != after[c]] == [], day


def test_an_order_that_is_gone_changes_its_customer_and_nobody_else(
    demo_copy: World, session: Session
):
    """The source withdraws an order of long ago: the kept timeline forgets it at once."""
    today = str(demo_copy.value("select as_of_date from timeline.timeline_as_of_date"))
    before = features(demo_copy, today)
    ((customer, order, amount),) = demo_copy.rows(
        "select customer_id, order_id, revenue_amount from timeline.timeline_orders"
        f" where source_name = 'shop' and event_date < date '{today}' - 100"
        " order by revenue_amount desc, order_id limit 1"
    )
    demo_copy.change(
        f"delete from raw_shop.order_items where order_id = '{order}'",
        f"delete from raw_shop.orders where order_id = '{order}'",
    )
    session.dbt(demo_copy, "run", "--select", "+customer_features")
    after = features(demo_copy, today)
    assert [c for c in before.keys() | after.keys() if before.get(c) != after.get(c)] == [customer]
    ((purchases, revenue),) = demo_copy.rows(
        "select purchases_count, revenue_amount from features.customer_features"
        f" where customer_id = '{customer}' and as_of_date = '{today}'"
    )
    columns = [
        name
        for (name,) in demo_copy.rows(
            "select name from pragma_table_info('features.customer_features')"
        )
    ]
    was = dict(zip(columns, before[customer], strict=True))
    assert purchases == was["purchases_count"] - 1
    assert revenue == was["revenue_amount"] - amount


def test_the_newest_day_may_be_running_so_it_is_not_the_as_of_date(demo_world: World):
    newest, as_of_date = demo_world.rows(
        "select max(occurred_at)::date, any_value(as_of_date)"
        " from timeline.timeline_events cross join timeline.timeline_as_of_date"
    )[0]
    assert (newest - as_of_date).days == 1
