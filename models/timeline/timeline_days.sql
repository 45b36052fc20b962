-- One row per customer, day, day it became known, event type and channel: the events added up.
-- Snapshots read this instead of the events, which are many more. Kept from run to run: changed days are added up anew.

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
        and {{ is_added_up('timeline_owned_events') }}
),

final as (
    select
        customer_id,
        event_type,
        channel,
        event_date,
        known_date,
        cast(count(*) as {{ column_type('integer') }}) as events_count,
        cast(sum(coalesce(quantity, 0)) as {{ column_type('amount') }}) as units_count,
        cast(sum(coalesce(amount, 0)) as {{ column_type('amount') }}) as event_amount,
        cast(sum(coalesce(discount_amount, 0)) as {{ column_type('amount') }}) as discount_amount,
        cast(sum(event_print) + sum(owner_print) as {{ column_type('total') }}) as events_print
    from events
    group by
        customer_id,
        event_type,
        channel,
        event_date,
        known_date
)

select * from final
