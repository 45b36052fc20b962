"""The journey of every customer on every Sunday, counted anew from the events, one by one."""

import pytest

from tests.worlds import World

LIMITS = {"considering": 30, "first_purchase": 60, "active": 90, "at_risk": 365}
LOYAL_DAYS, LOYAL_WITHIN = 4, 365

# The rules of docs/guides/journey.md for one customer and one day, from what was known by then.
STAGES = f"""
    with sundays as (
        select cast(week_end as date) as week_end
        from range(date '2000-01-02', date '2100-01-01', interval 7 days) as weeks (week_end)
        where week_end <= (select as_of_date from timeline.timeline_as_of_date)
    ),
    known as (
        select
            days.customer_id,
            sundays.week_end,
            days.event_date,
            bool_or(types.is_revenue) as has_purchase,
            bool_or(types.is_engagement) as has_engagement
        from timeline.timeline_days as days
        join seeds.event_types as types using (event_type)
        join sundays on days.known_date <= sundays.week_end
        group by all
    ),
    counted as (
        select
            customer_id,
            week_end,
            count(*) filter (where has_purchase) as purchase_days,
            count(*) filter (
                where has_purchase and week_end - event_date < {LOYAL_WITHIN}
            ) as recent_purchase_days,
            min(week_end - event_date) filter (where has_purchase) as since_purchase,
            min(week_end - event_date) filter (where has_engagement) as since_engagement
        from known
        group by all
    )
    select
        customer_id,
        week_end,
        case
            when purchase_days = 0 then
                if(since_engagement < {LIMITS["considering"]}, 'considering', 'aware')
            when since_purchase >= {LIMITS["at_risk"]} then 'lapsed'
            when since_purchase
                >= if(purchase_days = 1, {LIMITS["first_purchase"]}, {LIMITS["active"]})
                then 'at_risk'
            when purchase_days = 1 then 'first_purchase'
            when recent_purchase_days >= {LOYAL_DAYS} then 'loyal'
            else 'active'
        end as journey_stage
    from counted
"""


@pytest.fixture(scope="module")
def stages(demo_world: World) -> dict[tuple[str, object], str]:
    """The stage by customer and Sunday."""
    return {(row[0], row[1]): row[2] for row in demo_world.rows(STAGES)}


def test_every_customer_is_in_one_stage_on_every_sunday(demo_world: World, stages) -> None:
    found = demo_world.rows(
        "select stages.customer_id, stages.week_end, stages.journey_stage"
        f" from ({STAGES}) as stages"
        " left join timeline.timeline_journey as journey"
        " on journey.customer_id = stages.customer_id"
        " and journey.valid_from <= stages.week_end"
        " and (journey.valid_to is null or journey.valid_to > stages.week_end)"
        " group by all having count(*) <> 1"
        " or count(journey.customer_id) <> 1"
        " or any_value(journey.journey_stage) <> stages.journey_stage"
    )
    assert found == []
    assert set(stages.values()) == {
        *("aware", "considering", "first_purchase", "active", "loyal", "at_risk", "lapsed"),
    }


def test_sizes_and_transitions_count_everybody(demo_world: World) -> None:
    sizes = demo_world.rows(
        "select week_end, sum(customers_count), round(sum(customers_share), 9)"
        " from journey_sizes group by all order by all",
        published=True,
    )
    moves = demo_world.rows(
        "select week_end, sum(customers_count) from journey_transitions group by all order by all",
        published=True,
    )
    assert [row[:2] for row in sizes] == moves
    assert {row[2] for row in sizes} == {1}
