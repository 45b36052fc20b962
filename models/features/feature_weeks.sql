-- One row per (customer_id, as_of_date) and week with a purchase, 104 weeks back; week 0 is the last seven days.
-- Counted back from as_of_date and not by the calendar, so that the newest week is a whole one.

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

orders as (
    select * from {{ ref('timeline_orders') }}
),

known_orders as (
    select
        orders.customer_id,
        orders.event_date,
        orders.revenue_amount,
        snapshots.as_of_date,
        {{ dbt.datediff('orders.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from orders
    inner join snapshots
        on
            orders.known_date <= snapshots.as_of_date
            and orders.event_date > {{ dbt.dateadd('day', -728, 'snapshots.as_of_date') }}
),

final as (
    select
        customer_id,
        as_of_date,
        cast(floor(age_days / 7.0) as {{ column_type('integer') }}) as weeks_back,
        count(distinct event_date) as days_count,
        count(*) as purchases_count,
        sum(revenue_amount) as revenue_amount
    from known_orders
    group by customer_id, as_of_date, cast(floor(age_days / 7.0) as {{ column_type('integer') }})
)

select * from final
