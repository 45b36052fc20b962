-- One row per (customer_id, as_of_date): goods or money given back, in windows, and as a share of what was bought.

{% set windows = var('feature_windows') %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

days as (
    select * from {{ ref('timeline_customer_days') }}
    where purchases_count + returns_count > 0
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
        {%- for name, type in {'returns_count': 'integer', 'returns_amount': 'amount'}.items() %}
        {%- for days in windows %}
        {{ window_sum(name, days, type) }} as {{ name }}_{{ days }}d,
        {%- endfor %}
        {%- endfor %}
        min(case when returns_count > 0 then age_days end) as days_since_last_return,
        {{ window_sum('revenue_amount', 365, 'amount') }} as revenue_amount_365d
    from known_days
    group by customer_id, as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        {%- for name in ['returns_count', 'returns_amount'] %}
        {%- for days in windows %}
        {{ name }}_{{ days }}d,
        {%- endfor %}
        {%- endfor %}
        days_since_last_return,
        {{ share('returns_amount_365d', 'revenue_amount_365d', 2) }} as returns_share_365d
    from windowed
)

select * from final
