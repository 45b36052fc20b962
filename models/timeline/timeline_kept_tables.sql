-- One row per table that is kept beside timeline_owned_events: whether it held the sum of it, before this run.
-- It doesn't when a run was stopped between the two, or left one of them out: then all of it is added up anew.

-- depends_on: {{ ref('gate_inputs') }}

{% set columns = {'event_type': 'text', 'events_print': 'total'} %}

with

event_types as (
    select * from {{ ref('event_types') }}
),

laid_out as (
    {{ previous('timeline_owned_events', {
        'event_number': 'count', 'event_type': 'text', 'item_id': 'text', 'event_print': 'count',
        'owner_print': 'count',
    }) }}
),

days as (
    {{ previous('timeline_days', columns) }}
),

orders as (
    {{ previous('timeline_orders', columns) }}
),

items as (
    {{ previous('timeline_items', columns) }}
),

customer_days as (
    {{ previous('timeline_customer_days', columns) }}
),

of_events as (
    select
        sum(event_print) + sum(owner_print) as events_print,
        sum(case when event_type = 'purchase' then event_print end)
        + sum(case when event_type = 'purchase' then owner_print end) as purchases_print,
        sum(case when event_type = 'purchase' and item_id is not null then event_print end)
        + sum(case when event_type = 'purchase' and item_id is not null then owner_print end) as items_print
    from laid_out
    where event_number is not null
),

of_days as (
    select
        sum(days.events_print) as events_print,
        -- what the seed calls engagement counts, too: a changed seed changes the sums
        sum(days.events_print) + sum(case when event_types.is_engagement then 1 else 0 end) as engaged_print
    from days
    left join event_types
        on days.event_type = event_types.event_type
),

compared as (
    select
        'timeline_days' as table_name,
        of_events.events_print as expected_print,
        of_days.events_print as found_print
    from of_events
    cross join of_days

    union all

    select
        'timeline_orders' as table_name,
        of_events.purchases_print as expected_print,
        (select sum(orders.events_print) from orders) as found_print
    from of_events

    union all

    select
        'timeline_items' as table_name,
        of_events.items_print as expected_print,
        (select sum(items.events_print) from items) as found_print
    from of_events

    union all

    select
        'timeline_customer_days' as table_name,
        of_events.events_print + of_days.engaged_print - of_days.events_print as expected_print,
        (select sum(customer_days.events_print) from customer_days) as found_print
    from of_events
    cross join of_days
),

final as (
    select
        table_name,
        coalesce(expected_print, 0) = coalesce(found_print, 0) as is_in_step
    from compared
)

select * from final
