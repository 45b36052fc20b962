-- One row per (customer_id, as_of_date): the days to the next purchase, and how many days are known.
-- Other labels are read off these two: a label counts only when its horizon lies within the known days.

with

customer_snapshots as (
    select * from {{ ref('timeline_customer_snapshots') }}
),

orders as (
    select * from {{ ref('timeline_orders') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

past_snapshots as (
    select
        customer_snapshots.customer_id,
        customer_snapshots.as_of_date,
        {{ dbt.datediff('customer_snapshots.as_of_date', 'today.as_of_date', 'day') }} as known_days
    from customer_snapshots
    cross join today
    where customer_snapshots.as_of_date < today.as_of_date
),

final as (
    select
        past_snapshots.customer_id,
        past_snapshots.as_of_date,
        past_snapshots.known_days,
        min({{ dbt.datediff('past_snapshots.as_of_date', 'orders.event_date', 'day') }}) as days_to_next_purchase
    from past_snapshots
    left join orders
        on
            past_snapshots.customer_id = orders.customer_id
            and past_snapshots.as_of_date < orders.event_date
    group by
        past_snapshots.customer_id,
        past_snapshots.as_of_date,
        past_snapshots.known_days
)

select * from final
