-- One row per (customer_id, as_of_date): the price and discount level of a year's purchases.

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

items as (
    select * from {{ ref('timeline_items') }}
),

catalogue as (
    select * from {{ ref('timeline_catalogue') }}
),

known_items as (
    select
        items.*,
        snapshots.as_of_date,
        {{ dbt.datediff('items.event_date', 'snapshots.as_of_date', 'day') }} as age_days,
        items.units_count * catalogue.list_price as listed_amount
    from items
    inner join snapshots
        on
            items.known_date <= snapshots.as_of_date
            and items.event_date > {{ dbt.dateadd('day', -365, 'snapshots.as_of_date') }}
    left join catalogue
        on
            items.source_name = catalogue.source_name
            and items.item_id = catalogue.item_id
),

sums as (
    select
        customer_id,
        as_of_date,
        sum(lines_count) as lines_count,
        sum(discounted_lines_count) as discounted_lines_count,
        sum(units_count) as units_count,
        sum(revenue_amount) as revenue_amount,
        sum(discount_amount) as discount_amount,
        sum(case when age_days < 90 then revenue_amount else 0 end) as revenue_amount_90d,
        sum(case when age_days < 90 then discount_amount else 0 end) as discount_amount_90d,
        sum(case when listed_amount > 0 then revenue_amount end) as revenue_of_listed_amount,
        sum(listed_amount) as listed_amount
    from known_items
    group by customer_id, as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        {{ share('revenue_amount', 'units_count') }} as mean_unit_price_365d,
        {{ share('revenue_of_listed_amount', 'listed_amount', 3) }} as price_over_list_price_365d,
        {{ share('discount_amount', '(revenue_amount + discount_amount)') }} as discount_share_365d,
        {{ share('discount_amount_90d', '(revenue_amount_90d + discount_amount_90d)') }} as discount_share_90d,
        {{ share('discounted_lines_count', 'lines_count') }} as discounted_lines_share_365d
    from sums
)

select * from final
