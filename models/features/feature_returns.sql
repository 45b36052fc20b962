-- One row per (customer_id, as_of_date): goods or money given back, in windows, and as a share of what was bought.
-- Days are added up to bands of age first, and windows are sums of bands.

{% set windows = var('feature_windows') %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

days as (
    select * from {{ ref('timeline_days') }}
),

known_days as (
    select
        days.customer_id,
        days.event_type,
        days.events_count,
        days.event_amount,
        snapshots.as_of_date,
        {{ dbt.datediff('days.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from days
    inner join snapshots
        on
            days.known_date <= snapshots.as_of_date
            and days.event_date > {{ dbt.dateadd('day', -(windows | max), 'snapshots.as_of_date') }}
    where days.event_type in ('purchase', 'return')
),

bands as (
    select
        customer_id,
        as_of_date,
        {{ age_band('age_days') }} as age_band,
        min(case when event_type = 'return' then age_days end) as age_days,
        sum(case when event_type = 'return' then events_count else 0 end) as returns_count,
        sum(case when event_type = 'return' then event_amount else 0 end) as returns_amount,
        sum(case when event_type = 'purchase' then event_amount else 0 end) as revenue_amount
    from known_days
    group by customer_id, as_of_date, {{ age_band('age_days') }}
),

windowed as (
    select
        customer_id,
        as_of_date,
        {%- for name in ['returns_count', 'returns_amount', 'revenue_amount'] %}
        {%- for days in windows %}
        sum(case when age_band <= {{ days }} then {{ name }} else 0 end) as {{ name }}_{{ days }}d,
        {%- endfor %}
        {%- endfor %}
        min(age_days) as days_since_last_return
    from bands
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
