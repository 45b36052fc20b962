-- One row per product that was on an invoice line, named as most of its lines name it.
-- Only lines known by the as_of_date count: later ones could rename it.

with

transactions as (
    select * from {{ source('online_retail', 'transactions') }}
),

non_products as (
    select upper(trim(stock_code)) as item_id
    from {{ ref('online_retail_non_product_codes') }}
),

lines as (
    select
        nullif(upper(trim(stock_code)), '') as item_id,
        nullif(trim(description), '') as item_name,
        {{ utc(dbt.safe_cast('invoice_date', column_type('timestamp')), 'Europe/London') }} as invoiced_at,
        loaded_at,
        sheet as loaded_from
    from transactions
),

product_lines as (
    select lines.*
    from lines
    left join non_products
        on lines.item_id = non_products.item_id
    where
        lines.item_id is not null
        and non_products.item_id is null
        and {{ up_to_as_of_date('lines.invoiced_at') }}
),

names as (
    select
        item_id,
        item_name,
        count(*) as line_count,
        max(loaded_at) as loaded_at,
        max(loaded_from) as loaded_from
    from product_lines
    group by item_id, item_name
),

ranked as (
    select
        item_id,
        item_name,
        max(loaded_at) over (partition by item_id) as loaded_at,
        max(loaded_from) over (partition by item_id) as loaded_from,
        row_number() over (
            partition by item_id
            order by case when item_name is null then 1 else 0 end, line_count desc, item_name
        ) as name_rank
    from names
),

final as (
    select
        -- ids and text
        item_id,
        item_name,
        cast(null as {{ dbt.type_string() }}) as category,
        cast(null as {{ dbt.type_string() }}) as subcategory,
        cast(null as {{ dbt.type_string() }}) as brand,

        -- what the source doesn't know
        cast(null as {{ column_type('amount') }}) as list_price,
        cast(null as {{ column_type('timestamp') }}) as launched_at,
        cast(null as {{ column_type('boolean') }}) as is_available,
        cast(null as {{ dbt.type_string() }}) as attributes,

        -- where from
        loaded_at,
        loaded_from
    from ranked
    where name_rank = 1
)

select * from final
