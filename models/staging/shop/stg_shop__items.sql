-- One row per product of the shop's catalogue.

with

products as (
    select * from {{ source('shop', 'products') }}
),

final as (
    select
        -- ids
        product_id as item_id,

        -- what it is
        product_name as item_name,
        category,
        subcategory,
        brand,
        cast(list_price as {{ column_type('amount') }}) as list_price,

        -- when it sells
        cast(launched_at as {{ column_type('timestamp') }}) as launched_at,
        cast(is_available as {{ column_type('boolean') }}) as is_available,

        -- the rest
        cast(null as {{ dbt.type_string() }}) as attributes,
        cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
        'raw_shop.products' as loaded_from
    from products
)

select
    item_id,
    item_name,
    category,
    subcategory,
    brand,
    list_price,
    launched_at,
    is_available,
    attributes,
    loaded_at,
    loaded_from
from final
