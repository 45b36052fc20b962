-- One row per customer, source, item, day and day it became known: which items were bought when, and at what price.

with

events as (
    select * from {{ ref('timeline_owned_events') }}
    where event_number is not null
),

final as (
    select
        customer_id,
        source_name,
        item_id,
        event_date,
        known_date,
        count(*) as lines_count,
        sum(case when discount_amount > 0 then 1 else 0 end) as discounted_lines_count,
        sum(quantity) as units_count,
        sum(amount) as revenue_amount,
        sum(coalesce(discount_amount, 0)) as discount_amount
    from events
    where
        event_type = 'purchase'
        and item_id is not null
    group by
        customer_id,
        source_name,
        item_id,
        event_date,
        known_date
)

select * from final
