-- One row per (customer_id, as_of_date): looking, searching and filling carts, in windows, and since the last purchase.
-- Days are added up to bands of age first, and windows are sums of bands.

{% set windows = var('feature_windows') %}
{% set event_types = {'page_view': 'page_views', 'search': 'searches', 'cart_add': 'cart_adds'} %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

days as (
    select * from {{ ref('timeline_days') }}
),

rfmt as (
    select * from {{ ref('feature_rfmt') }}
),

known_days as (
    select
        days.customer_id,
        days.event_type,
        days.events_count,
        snapshots.as_of_date,
        {{ dbt.datediff('days.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from days
    inner join snapshots
        on
            days.known_date <= snapshots.as_of_date
            and days.event_date > {{ dbt.dateadd('day', -(windows | max), 'snapshots.as_of_date') }}
    where days.event_type in (
        {%- for event_type in event_types %}
        '{{ event_type }}'{% if not loop.last %},{% endif %}
        {%- endfor %}
    )
),

customer_days as (
    select
        customer_id,
        as_of_date,
        age_days,
        {%- for event_type, name in event_types.items() %}
        sum(case when event_type = '{{ event_type }}' then events_count else 0 end) as {{ name }}_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from known_days
    group by customer_id, as_of_date, age_days
),

-- a purchase ends a stretch of browsing: what comes after it, or all where there is none
since_purchase as (
    select
        customer_days.*,
        {{ age_band('customer_days.age_days') }} as age_band,
        case
            when customer_days.age_days < coalesce(rfmt.days_since_last_purchase, {{ windows | max }}) then 1
            else 0
        end as is_since_purchase
    from customer_days
    left join rfmt
        on
            customer_days.customer_id = rfmt.customer_id
            and customer_days.as_of_date = rfmt.as_of_date
),

bands as (
    select
        customer_id,
        as_of_date,
        age_band,
        min(age_days) as age_days,
        count(*) as browsing_days_count,
        {%- for name in event_types.values() %}
        sum({{ name }}_count) as {{ name }}_count,
        sum(is_since_purchase * {{ name }}_count) as {{ name }}_since_purchase_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from since_purchase
    group by customer_id, as_of_date, age_band
),

final as (
    select
        customer_id,
        as_of_date,
        {%- for name in ['browsing_days'] + event_types.values() | list %}
        {%- for days in windows %}
        sum(case when age_band <= {{ days }} then {{ name }}_count else 0 end) as {{ name }}_count_{{ days }}d,
        {%- endfor %}
        {%- endfor %}
        {%- for name in event_types.values() %}
        sum({{ name }}_since_purchase_count) as {{ name }}_since_purchase_count,
        {%- endfor %}
        min(age_days) as days_since_last_browsing
    from bands
    group by customer_id, as_of_date
)

select * from final
