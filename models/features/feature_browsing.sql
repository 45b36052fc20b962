-- One row per (customer_id, as_of_date): looking, searching and filling carts, in windows, and since the last purchase.

{% set windows = var('feature_windows') %}
{% set looks = ['page_views_count', 'searches_count', 'cart_adds_count'] %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

days as (
    select * from {{ ref('timeline_customer_days') }}
    where page_views_count + searches_count + cart_adds_count + purchases_count > 0
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

last_purchases as (
    select
        customer_id,
        as_of_date,
        min(age_days) as age_days
    from known_days
    where purchases_count > 0
    group by customer_id, as_of_date
),

-- a purchase ends a stretch of browsing: what comes after it counts, or all where there is none
since_purchase as (
    select
        known_days.*,
        case when known_days.age_days < coalesce(last_purchases.age_days, {{ windows | max }}) then 1 else 0 end
            as is_since_purchase
    from known_days
    left join last_purchases
        on
            known_days.customer_id = last_purchases.customer_id
            and known_days.as_of_date = last_purchases.as_of_date
    where known_days.page_views_count + known_days.searches_count + known_days.cart_adds_count > 0
),

final as (
    select
        customer_id,
        as_of_date,
        {%- for name in ['browsing_days_count'] + looks %}
        {%- for days in windows %}
        {{ window_sum(name, days) }} as {{ name }}_{{ days }}d,
        {%- endfor %}
        {%- endfor %}
        {%- for name in looks %}
        cast(sum(is_since_purchase * {{ name }}) as {{ column_type('integer') }})
            as {{ name | replace('_count', '_since_purchase_count') }},
        {%- endfor %}
        min(age_days) as days_since_last_browsing
    from since_purchase
    group by customer_id, as_of_date
)

select * from final
