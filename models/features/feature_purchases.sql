-- One row per (customer_id, as_of_date): what was bought, in windows that end with as_of_date.

{% set windows = var('feature_windows') %}
{% set counted = {
    'purchases_count': 'integer', 'purchase_days_count': 'integer', 'purchase_lines_count': 'integer',
    'units_count': 'amount', 'revenue_amount': 'amount', 'discount_amount': 'amount',
} %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

days as (
    select * from {{ ref('timeline_customer_days') }}
    where purchases_count > 0
),

known_days as (
    select
        days.*,
        snapshots.as_of_date,
        {{ dbt.datediff('days.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from days
    inner join snapshots
        on
            days.known_date <= snapshots.as_of_date
            and days.event_date > {{ dbt.dateadd('day', -(windows | max), 'snapshots.as_of_date') }}
),

windowed as (
    select
        customer_id,
        as_of_date,
        {%- for name, type in counted.items() %}
        {%- set last_name = loop.last %}
        {%- for days in windows %}
        {{ window_sum(name, days, type) }} as {{ name }}_{{ days }}d
        {%- if not (loop.last and last_name) %},{% endif %}
        {%- endfor %}
        {%- endfor %}
    from known_days
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
