-- One row per (customer_id, as_of_date): how many different items were bought, in windows.

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

items as (
    select * from {{ ref('timeline_items') }}
),

known_items as (
    select
        items.*,
        snapshots.as_of_date,
        {{ dbt.datediff('items.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from items
    inner join snapshots
        on
            items.known_date <= snapshots.as_of_date
            and items.event_date > {{ dbt.dateadd('day', -(var('feature_windows') | max), 'snapshots.as_of_date') }}
),

-- an item counts in a window when it was last bought in it: one pass, no distinct sets
last_bought as (
    select
        customer_id,
        as_of_date,
        item_id,
        min(age_days) as age_days,
        count(distinct event_date) as purchase_days_count
    from known_items
    group by customer_id, as_of_date, item_id
),

final as (
    select
        customer_id,
        as_of_date,
        {%- for days in var('feature_windows') %}
        sum(case when age_days < {{ days }} then 1 else 0 end) as items_count_{{ days }}d,
        {%- endfor %}
        sum(case when purchase_days_count > 1 then 1 else 0 end) as items_bought_again_count
    from last_bought
    group by customer_id, as_of_date
)

select * from final
