-- One row per order, day and day it became known: what was bought, added up from its lines.
-- An order whose lines fall on two days stands twice, so that no day sees another day's lines.

with

events as (
    select * from {{ ref('timeline_owned_events') }}
    where event_number is not null
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
        count(*) as lines_count,
        count(distinct item_id) as items_count,
        sum(quantity) as units_count,
        sum(amount) as revenue_amount,
        sum(coalesce(discount_amount, 0)) as discount_amount
    from events
    where event_type = 'purchase'
    group by
        customer_id,
        source_name,
        coalesce(order_id, event_id),
        event_date,
        known_date
)

select * from final
