-- One row per (customer_id, as_of_date): recency, frequency, monetary value, tenure, order sizes.
-- Over the whole known history; customers who never bought have no row here.

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

orders as (
    select * from {{ ref('timeline_orders') }}
),

known_orders as (
    select
        orders.*,
        snapshots.as_of_date,
        row_number() over (
            partition by orders.customer_id, snapshots.as_of_date
            order by orders.event_date desc, orders.source_name, orders.order_id, orders.known_date
        ) as orders_back
    from orders
    inner join snapshots
        on orders.known_date <= snapshots.as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        min({{ dbt.datediff('event_date', 'as_of_date', 'day') }}) as days_since_last_purchase,
        max({{ dbt.datediff('event_date', 'as_of_date', 'day') }}) as days_since_first_purchase,
        1 as has_purchased,
        count(*) as purchases_count,
        sum(revenue_amount) as revenue_amount,
        avg(revenue_amount) as average_order_amount,
        max(revenue_amount) as largest_order_amount,
        max(case when orders_back = 1 then revenue_amount end) as last_order_amount,
        {{ share('max(case when orders_back = 1 then revenue_amount end) * count(*)', 'sum(revenue_amount)', 20) }}
            as last_order_over_average,
        avg(lines_count) as average_order_lines_count,
        avg(units_count) as average_order_units_count,
        max(case when orders_back = 1 then lines_count end) as last_order_lines_count
    from known_orders
    group by customer_id, as_of_date
)

select * from final
