-- One row per (customer_id, as_of_date): how many different items were bought, in windows, and which again.

{% set windows = var('feature_windows') %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

items as (
    select * from {{ ref('timeline_items') }}
),

known_items as (
    select
        items.customer_id,
        items.item_id,
        items.event_date,
        snapshots.as_of_date,
        {{ dbt.datediff('items.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from items
    inner join snapshots
        on
            items.known_date <= snapshots.as_of_date
            and items.event_date > {{ dbt.dateadd('day', -(windows | max), 'snapshots.as_of_date') }}
),

-- an item counts in a window when it was last bought in it: one pass, no distinct sets
last_bought as (
    select
        customer_id,
        as_of_date,
        item_id,
        min(age_days) as age_days,
        case when min(event_date) < max(event_date) then 1 else 0 end as is_bought_again
    from known_items
    group by customer_id, as_of_date, item_id
),

bands as (
    select
        customer_id,
        as_of_date,
        {{ age_band('age_days') }} as age_band,
        count(*) as items_count,
        sum(is_bought_again) as items_bought_again_count
    from last_bought
    group by customer_id, as_of_date, {{ age_band('age_days') }}
),

final as (
    select
        customer_id,
        as_of_date,
        {%- for days in windows %}
        sum(case when age_band <= {{ days }} then items_count else 0 end) as items_count_{{ days }}d,
        {%- endfor %}
        sum(items_bought_again_count) as items_bought_again_count,
        {{ share('sum(items_bought_again_count)', 'sum(items_count)') }} as items_bought_again_share
    from bands
    group by customer_id, as_of_date
)

select * from final
