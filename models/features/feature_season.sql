-- One row per (customer_id, as_of_date): what was bought around this day a year ago.
-- Only where the log is a year old; elsewhere there is no row, and the features are missing.

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

customer_snapshots as (
    select * from {{ ref('timeline_customer_snapshots') }}
),

orders as (
    select * from {{ ref('timeline_orders') }}
),

deep_snapshots as (
    select as_of_date
    from snapshots
    where first_event_date <= {{ dbt.dateadd('day', -365, 'as_of_date') }}
),

known_orders as (
    select
        orders.customer_id,
        deep_snapshots.as_of_date,
        orders.revenue_amount,
        {{ dbt.datediff('orders.event_date', 'deep_snapshots.as_of_date', 'day') }} - 365 as days_before
    from orders
    inner join deep_snapshots
        on
            orders.known_date <= deep_snapshots.as_of_date
            and orders.event_date > {{ dbt.dateadd('day', -455, 'deep_snapshots.as_of_date') }}
            and orders.event_date <= {{ dbt.dateadd('day', -275, 'deep_snapshots.as_of_date') }}
),

-- days_before counts back from this day last year: negative days lay ahead of it then
sums as (
    select
        customer_id,
        as_of_date,
        sum(case when days_before < 0 and days_before >= -30 then 1 else 0 end) as purchases_count_next_30d_last_year,
        sum(case when days_before < 0 then 1 else 0 end) as purchases_count_next_90d_last_year,
        sum(case when days_before >= 0 then 1 else 0 end) as purchases_count_90d_last_year,
        sum(case when days_before < 0 then revenue_amount else 0 end) as revenue_amount_next_90d_last_year
    from known_orders
    group by customer_id, as_of_date
),

final as (
    select
        customer_snapshots.customer_id,
        customer_snapshots.as_of_date,
        coalesce(sums.purchases_count_next_30d_last_year, 0) as purchases_count_next_30d_last_year,
        coalesce(sums.purchases_count_next_90d_last_year, 0) as purchases_count_next_90d_last_year,
        coalesce(sums.purchases_count_90d_last_year, 0) as purchases_count_90d_last_year,
        coalesce(sums.revenue_amount_next_90d_last_year, 0) as revenue_amount_next_90d_last_year
    from customer_snapshots
    inner join deep_snapshots
        on customer_snapshots.as_of_date = deep_snapshots.as_of_date
    left join sums
        on
            customer_snapshots.customer_id = sums.customer_id
            and customer_snapshots.as_of_date = sums.as_of_date
)

select * from final
