-- One row per (customer_id, as_of_date): looking, searching and filling carts, in windows.

{% set event_types = {'page_view': 'page_views', 'search': 'searches', 'cart_add': 'cart_adds'} %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

days as (
    select * from {{ ref('timeline_days') }}
),

known_browsing as (
    select
        days.*,
        snapshots.as_of_date,
        {{ dbt.datediff('days.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from days
    inner join snapshots
        on
            days.known_date <= snapshots.as_of_date
            and days.event_date > {{ dbt.dateadd('day', -(var('feature_windows') | max), 'snapshots.as_of_date') }}
    where days.event_type in (
        {%- for event_type in event_types %}
        '{{ event_type }}'{% if not loop.last %},{% endif %}
        {%- endfor %}
    )
),

final as (
    select
        customer_id,
        as_of_date,
        {%- for event_type, name in event_types.items() %}
        {%- for days in var('feature_windows') %}
        sum(case when event_type = '{{ event_type }}' and age_days < {{ days }} then events_count else 0 end)
            as {{ name }}_count_{{ days }}d,
        {%- endfor %}
        {%- endfor %}
        min(age_days) as days_since_last_browsing
    from known_browsing
    group by customer_id, as_of_date
)

select * from final
