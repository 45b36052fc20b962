-- One row per (customer_id, as_of_date): what was bought, in windows that end with as_of_date.
-- Days are added up to bands of age first, and windows are sums of bands: few rows for many columns.

{% set windows = var('feature_windows') %}
{% set counted = [
    'purchases_count', 'purchase_days_count', 'purchase_lines_count', 'units_count',
    'revenue_amount', 'discount_amount',
] %}

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
        {{ dbt.datediff('orders.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from orders
    inner join snapshots
        on
            orders.known_date <= snapshots.as_of_date
            and orders.event_date > {{ dbt.dateadd('day', -(windows | max), 'snapshots.as_of_date') }}
),

days as (
    select
        customer_id,
        as_of_date,
        age_days,
        {{ age_band('age_days') }} as age_band,
        count(*) as orders_count,
        sum(lines_count) as lines_count,
        sum(units_count) as units_count,
        sum(revenue_amount) as revenue_amount,
        sum(discount_amount) as discount_amount
    from known_orders
    group by customer_id, as_of_date, age_days
),

bands as (
    select
        customer_id,
        as_of_date,
        age_band,
        sum(orders_count) as purchases_count,
        count(*) as purchase_days_count,
        sum(lines_count) as purchase_lines_count,
        sum(units_count) as units_count,
        sum(revenue_amount) as revenue_amount,
        sum(discount_amount) as discount_amount
    from days
    group by customer_id, as_of_date, age_band
),

windowed as (
    select
        customer_id,
        as_of_date,
        {%- for name in counted %}
        {%- set last_name = loop.last %}
        {%- for days in windows %}
        sum(case when age_band <= {{ days }} then {{ name }} else 0 end) as {{ name }}_{{ days }}d
        {%- if not (loop.last and last_name) %},{% endif %}
        {%- endfor %}
        {%- endfor %}
    from bands
    group by customer_id, as_of_date
),

-- trends: the last days less as many days before them
final as (
    select
        *,
        2 * purchases_count_30d - purchases_count_60d as purchases_trend_30d,
        2 * purchases_count_90d - purchases_count_180d as purchases_trend_90d,
        2 * revenue_amount_30d - revenue_amount_60d as revenue_trend_30d,
        2 * revenue_amount_90d - revenue_amount_180d as revenue_trend_90d
    from windowed
)

select * from final
