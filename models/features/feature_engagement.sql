-- One row per (customer_id, as_of_date): all that a person did of their own accord, in windows and by channel.
-- What counts is what the seed event_types calls engagement, money included.

{% set windows = var('feature_windows') %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

days as (
    select * from {{ ref('timeline_days') }}
),

event_types as (
    select * from {{ ref('event_types') }}
    where is_engagement
),

known_days as (
    select
        days.*,
        snapshots.as_of_date,
        {{ dbt.datediff('days.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from days
    inner join event_types
        on days.event_type = event_types.event_type
    inner join snapshots
        on
            days.known_date <= snapshots.as_of_date
            and days.event_date > {{ dbt.dateadd('day', -(windows | max), 'snapshots.as_of_date') }}
),

customer_days as (
    select
        customer_id,
        as_of_date,
        age_days,
        sum(events_count) as engagements_count,
        sum(case when event_type = 'support_ticket' then events_count else 0 end) as tickets_count,
        {%- for channel in var('feature_channels') %}
        sum(case when channel = '{{ channel }}' then events_count else 0 end) as {{ channel }}_engagements_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from known_days
    group by customer_id, as_of_date, age_days
),

bands as (
    select
        customer_id,
        as_of_date,
        {{ age_band('age_days') }} as age_band,
        min(age_days) as age_days,
        count(*) as engaged_days_count,
        sum(engagements_count) as engagements_count,
        sum(tickets_count) as tickets_count,
        {%- for channel in var('feature_channels') %}
        sum({{ channel }}_engagements_count) as {{ channel }}_engagements_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from customer_days
    group by customer_id, as_of_date, {{ age_band('age_days') }}
),

final as (
    select
        customer_id,
        as_of_date,
        {%- for name in ['engagements_count', 'engaged_days_count'] %}
        {%- for days in windows %}
        sum(case when age_band <= {{ days }} then {{ name }} else 0 end) as {{ name }}_{{ days }}d,
        {%- endfor %}
        {%- endfor %}
        sum(case when age_band <= 90 then tickets_count else 0 end) as tickets_count_90d,
        sum(case when age_band <= 365 then tickets_count else 0 end) as tickets_count_365d,
        {%- for channel in var('feature_channels') %}
        sum(case when age_band <= 90 then {{ channel }}_engagements_count else 0 end)
            as {{ channel }}_engagements_count_90d,
        sum(case when age_band <= 365 then {{ channel }}_engagements_count else 0 end)
            as {{ channel }}_engagements_count_365d,
        {%- endfor %}
        min(age_days) as days_since_last_engagement
    from bands
    group by customer_id, as_of_date
)

select * from final
