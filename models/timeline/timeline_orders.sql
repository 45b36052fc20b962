-- One row per order, day and day it became known: what was bought, added up from its lines.
-- An order whose lines fall on two days stands twice, so that no day sees another day's lines.

{{ config(
    materialized='incremental', incremental_strategy='append', on_schema_change='fail',
    pre_hook="{{ forget_added_up() }}",
) }}

-- depends_on: {{ ref('timeline_changed_events') }}, {{ ref('timeline_kept_tables') }}

with

events as (
    select * from {{ ref('timeline_owned_events') }}
    where
        event_number is not null
        and event_type = 'purchase'
        and {{ is_added_up('timeline_owned_events') }}
),

final as (
    select
        customer_id,
        source_name,
        coalesce(order_id, event_id) as order_id,
        event_date,
        known_date,
        min(local_at) as ordered_local_at,
        min(channel) as channel,
        cast(count(*) as {{ column_type('integer') }}) as lines_count,
        cast(count(distinct item_id) as {{ column_type('integer') }}) as items_count,
        cast(sum(quantity) as {{ column_type('amount') }}) as units_count,
        cast(sum(amount) as {{ column_type('amount') }}) as revenue_amount,
        cast(sum(coalesce(discount_amount, 0)) as {{ column_type('amount') }}) as discount_amount,
        cast(sum(event_print) + sum(owner_print) as {{ column_type('total') }}) as events_print
    from events
    group by
        customer_id,
        source_name,
        coalesce(order_id, event_id),
        event_date,
        known_date
)

select * from final
