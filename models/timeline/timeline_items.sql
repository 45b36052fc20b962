-- One row per customer, item, day and day it became known: which items were bought when.

with

events as (
    select * from {{ ref('timeline_owned_events') }}
    where event_number is not null
),

final as (
    select
        customer_id,
        item_id,
        event_date,
        known_date,
        sum(quantity) as units_count,
        sum(amount) as revenue_amount
    from events
    where
        event_type = 'purchase'
        and item_id is not null
    group by
        customer_id,
        item_id,
        event_date,
        known_date
)

select * from final
