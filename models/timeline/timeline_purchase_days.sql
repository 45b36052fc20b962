-- One row per customer and day with a purchase: when it was known, and when a later one was.
-- A purchase is whatever the seed event_types calls revenue: an order, a subscription that began.

with

days as (
    select * from {{ ref('timeline_days') }}
),

event_types as (
    select * from {{ ref('event_types') }}
),

purchase_days as (
    select
        days.customer_id,
        days.event_date,
        min(days.known_date) as known_date
    from days
    inner join event_types
        on days.event_type = event_types.event_type
    where event_types.is_revenue
    group by
        days.customer_id,
        days.event_date
),

-- from then on it is the last one no longer
final as (
    select
        customer_id,
        event_date,
        known_date,
        lead(known_date) over (partition by customer_id order by event_date) as next_known_date
    from purchase_days
)

select * from final
