-- One row per (customer_id, as_of_date): when in the week a year's orders were placed, by the customer's clock.

{% set local_week = dbt.date_trunc('week', 'orders.ordered_local_at') %}
{% set local_day = dbt.date_trunc('day', 'orders.ordered_local_at') %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

orders as (
    select * from {{ ref('timeline_orders') }}
),

-- weeks begin on Monday, day 0
known_orders as (
    select
        orders.customer_id,
        snapshots.as_of_date,
        {{ dbt.datediff(local_week, 'orders.ordered_local_at', 'day') }} as day_of_week,
        {{ dbt.datediff(local_day, 'orders.ordered_local_at', 'hour') }} as hour_of_day
    from orders
    inner join snapshots
        on
            orders.known_date <= snapshots.as_of_date
            and orders.event_date > {{ dbt.dateadd('day', -365, 'snapshots.as_of_date') }}
),

weekdays as (
    select
        customer_id,
        as_of_date,
        day_of_week,
        count(*) as orders_count,
        sum(case when hour_of_day between 6 and 11 then 1 else 0 end) as morning_count,
        sum(case when hour_of_day >= 18 then 1 else 0 end) as evening_count,
        sum(case when hour_of_day < 6 then 1 else 0 end) as night_count
    from known_orders
    group by customer_id, as_of_date, day_of_week
),

final as (
    select
        customer_id,
        as_of_date,
        {{ share('sum(case when day_of_week >= 5 then orders_count else 0 end)', 'sum(orders_count)') }}
            as weekend_share_365d,
        {{ share('sum(morning_count)', 'sum(orders_count)') }} as morning_share_365d,
        {{ share('sum(evening_count)', 'sum(orders_count)') }} as evening_share_365d,
        {{ share('sum(night_count)', 'sum(orders_count)') }} as night_share_365d,
        {{ share('max(orders_count)', 'sum(orders_count)') }} as usual_weekday_share_365d
    from weekdays
    group by customer_id, as_of_date
)

select * from final
