-- One row per (customer_id, as_of_date): goods or money given back, in windows.

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

days as (
    select * from {{ ref('timeline_days') }}
),

known_returns as (
    select
        days.*,
        snapshots.as_of_date,
        {{ dbt.datediff('days.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from days
    inner join snapshots
        on
            days.known_date <= snapshots.as_of_date
            and days.event_date > {{ dbt.dateadd('day', -(var('feature_windows') | max), 'snapshots.as_of_date') }}
    where days.event_type = 'return'
),

final as (
    select
        customer_id,
        as_of_date,
        {%- for days in var('feature_windows') %}
        sum(case when age_days < {{ days }} then events_count else 0 end) as returns_count_{{ days }}d,
        sum(case when age_days < {{ days }} then event_amount else 0 end) as returns_amount_{{ days }}d
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from known_returns
    group by customer_id, as_of_date
)

select * from final
