-- One row per (customer_id, as_of_date): through which channels a year's orders came.
-- The var feature_channels says which channels have features of their own.

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
        orders.channel,
        snapshots.as_of_date,
        {{ dbt.datediff('orders.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from orders
    inner join snapshots
        on
            orders.known_date <= snapshots.as_of_date
            and orders.event_date > {{ dbt.dateadd('day', -365, 'snapshots.as_of_date') }}
),

by_channel as (
    select
        customer_id,
        as_of_date,
        channel,
        count(*) as orders_count,
        sum(case when age_days < 90 then 1 else 0 end) as orders_count_90d
    from known_orders
    group by customer_id, as_of_date, channel
),

final as (
    select
        customer_id,
        as_of_date,
        {%- for channel in var('feature_channels') %}
        sum(case when channel = '{{ channel }}' then orders_count_90d else 0 end) as {{ channel }}_purchases_count_90d,
        sum(case when channel = '{{ channel }}' then orders_count else 0 end) as {{ channel }}_purchases_count_365d,
        {%- endfor %}
        count(channel) as purchase_channels_count_365d,
        {{ share('max(orders_count)', 'sum(orders_count)') }} as top_channel_share_365d
    from by_channel
    group by customer_id, as_of_date
)

select * from final
