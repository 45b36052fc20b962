-- One row per (customer_id, as_of_date): over how many categories and brands a year's purchases spread, and how evenly.
-- Entropy is 0 for one category alone and ln(n) for n of equal weight; lines that are no item don't count.

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

placed_items as (
    select
        items.customer_id,
        items.event_date,
        items.known_date,
        items.lines_count,
        catalogue.category,
        catalogue.brand
    from items
    inner join catalogue
        on
            items.source_name = catalogue.source_name
            and items.item_id = catalogue.item_id
),

known_items as (
    select
        placed_items.*,
        snapshots.as_of_date
    from placed_items
    inner join snapshots
        on
            placed_items.known_date <= snapshots.as_of_date
            and placed_items.event_date > {{ dbt.dateadd('day', -365, 'snapshots.as_of_date') }}
),

{% for level in ['category', 'brand'] -%}
{{ level }}_lines as (
    select
        customer_id,
        as_of_date,
        {{ level }},
        sum(lines_count) as lines_count
    from known_items
    where {{ level }} is not null
    group by customer_id, as_of_date, {{ level }}
),

{{ level }}_shares as (
    select
        *,
        cast(lines_count as {{ column_type('number') }})
        / sum(lines_count) over (partition by customer_id, as_of_date) as line_share
    from {{ level }}_lines
),

-- each term is rounded, so that the order of summing changes nothing
{{ level }}_spread as (
    select
        customer_id,
        as_of_date,
        count(*) as kinds_count,
        max(line_share) as top_share,
        cast(
            sum(cast(-line_share * ln(line_share) as {{ column_type('fraction') }})) as {{ column_type('number') }}
        ) as entropy
    from {{ level }}_shares
    group by customer_id, as_of_date
),

{% endfor -%}
final as (
    select
        coalesce(category_spread.customer_id, brand_spread.customer_id) as customer_id,
        coalesce(category_spread.as_of_date, brand_spread.as_of_date) as as_of_date,
        category_spread.kinds_count as categories_count_365d,
        category_spread.top_share as top_category_share_365d,
        category_spread.entropy as category_entropy_365d,
        brand_spread.kinds_count as brands_count_365d,
        brand_spread.top_share as top_brand_share_365d,
        brand_spread.entropy as brand_entropy_365d
    from category_spread
    full outer join brand_spread
        on
            category_spread.customer_id = brand_spread.customer_id
            and category_spread.as_of_date = brand_spread.as_of_date
)

select * from final
