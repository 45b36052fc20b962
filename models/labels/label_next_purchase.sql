-- One row per (customer_id, as_of_date) of the past: the days to the next purchase, or for how long none came.
-- A wait that isn't over is censored: nothing but that it lasts longer than the known days.

with

asked_days as (
    select * from {{ ref('label_days') }}
),

orders as (
    select * from {{ ref('timeline_orders') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

past_days as (
    select
        asked_days.customer_id,
        asked_days.as_of_date,
        {{ dbt.datediff('asked_days.as_of_date', 'today.as_of_date', 'day') }} as known_days
    from asked_days
    inner join today
        on asked_days.as_of_date < today.as_of_date
),

-- the newest day of events may still be running: what follows today isn't looked at
whole_days as (
    select distinct
        orders.customer_id,
        orders.event_date
    from orders
    inner join today
        on orders.event_date <= today.as_of_date
),

waits as (
    select
        past_days.customer_id,
        past_days.as_of_date,
        past_days.known_days,
        min({{ dbt.datediff('past_days.as_of_date', 'whole_days.event_date', 'day') }}) as days_to_next_purchase
    from past_days
    left join whole_days
        on
            past_days.customer_id = whole_days.customer_id
            and past_days.as_of_date < whole_days.event_date
    group by
        past_days.customer_id,
        past_days.as_of_date,
        past_days.known_days
),

final as (
    select
        customer_id,
        as_of_date,
        known_days,
        days_to_next_purchase,
        days_to_next_purchase is null as is_censored,
        case when days_to_next_purchase is null then known_days end as censored_after_days,
        coalesce(days_to_next_purchase, known_days) as label
    from waits
)

select * from final
