-- One row per source of events and catalogue item: where the item stands in the hierarchy.
-- An item is looked up in its own source's catalogue first, then in those of the other sources by name.
-- depends_on: {{ ref('gate_inputs') }}

with

feeds as (
    {{ fed_inputs() }}
),

items as (
    select * from {{ ref('input_items') }}
),

candidates as (
    select
        feeds.source_name,
        items.item_id,
        items.item_name,
        items.category,
        items.subcategory,
        items.brand,
        items.list_price,
        row_number() over (
            partition by feeds.source_name, items.item_id
            order by case when items.source_name = feeds.source_name then 0 else 1 end, items.source_name
        ) as candidate_number
    from items
    cross join feeds
    where feeds.input_name = 'events'
),

final as (
    select
        source_name,
        item_id,
        item_name,
        category,
        subcategory,
        brand,
        list_price
    from candidates
    where candidate_number = 1
)

select * from final
