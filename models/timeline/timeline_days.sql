-- One row per customer, day, day it became known, event type and channel: the events added up.
-- Snapshots read this instead of the events, which are many more.

with

events as (
    select * from {{ ref('timeline_owned_events') }}
    where event_number is not null
),

final as (
    select
        customer_id,
        event_type,
        channel,
        event_date,
        known_date,
        count(*) as events_count,
        sum(coalesce(quantity, 0)) as units_count,
        sum(coalesce(amount, 0)) as event_amount,
        sum(coalesce(discount_amount, 0)) as discount_amount
    from events
    group by
        customer_id,
        event_type,
        channel,
        event_date,
        known_date
)

select * from final
