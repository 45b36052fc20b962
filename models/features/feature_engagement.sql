-- One row per (customer_id, as_of_date): all that a person did of their own accord, in windows and by channel.
-- What counts is what the seed event_types calls engagement, money included.

{% set windows = var('feature_windows') %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

days as (
    select * from {{ ref('timeline_customer_days') }}
    where engagements_count > 0
),

event_types as (
    select * from {{ ref('event_types') }}
    where is_engagement
),

channel_days as (
    select days_by_channel.*
    from {{ ref('timeline_days') }} as days_by_channel
    inner join event_types
        on days_by_channel.event_type = event_types.event_type
    where days_by_channel.channel in (
        {%- for channel in var('feature_channels') %}
        '{{ channel }}'
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    )
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

known_channel_days as (
    select
        channel_days.*,
        snapshots.as_of_date,
        {{ dbt.datediff('channel_days.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from channel_days
    inner join snapshots
        on
            channel_days.known_date <= snapshots.as_of_date
            and channel_days.event_date > {{ dbt.dateadd('day', -(windows | max), 'snapshots.as_of_date') }}
),

windowed as (
    select
        customer_id,
        as_of_date,
        {%- for name in ['engagements_count', 'engaged_days_count'] %}
        {%- for days in windows %}
        {{ window_sum(name, days) }} as {{ name }}_{{ days }}d,
        {%- endfor %}
        {%- endfor %}
        {{ window_sum('tickets_count', 90) }} as tickets_count_90d,
        {{ window_sum('tickets_count', 365) }} as tickets_count_365d,
        min(age_days) as days_since_last_engagement
    from known_days
    group by customer_id, as_of_date
),

by_channel as (
    select
        customer_id,
        as_of_date,
        {%- for channel in var('feature_channels') %}
        sum(case when channel = '{{ channel }}' and age_days < 90 then events_count else 0 end) as {{ channel }}_90d,
        sum(case when channel = '{{ channel }}' and age_days < 365 then events_count else 0 end) as {{ channel }}_365d
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from known_channel_days
    group by customer_id, as_of_date
),

final as (
    select
        windowed.*,
        {%- for channel in var('feature_channels') %}
        coalesce(by_channel.{{ channel }}_90d, 0) as {{ channel }}_engagements_count_90d,
        coalesce(by_channel.{{ channel }}_365d, 0) as {{ channel }}_engagements_count_365d
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from windowed
    left join by_channel
        on
            windowed.customer_id = by_channel.customer_id
            and windowed.as_of_date = by_channel.as_of_date
)

select * from final
