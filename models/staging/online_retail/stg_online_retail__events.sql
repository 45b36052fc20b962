-- One row per raw invoice line of Online Retail II; lines of invoices that begin with C are returns.
-- event_id is made of a line's whole content, so that the inputs layer can tell repeated lines.

{% set fingerprints = [] %}
{% for column in [
    'invoice', 'stock_code', 'description', 'quantity', 'invoice_date', 'price', 'customer_id', 'country'
] %}
{% set length = 'cast(' ~ dbt.length(column) ~ ' as ' ~ dbt.type_string() ~ ')' %}
{% do fingerprints.append('coalesce(' ~ dbt.concat([length, "':'", column]) ~ ", 'null')") %}
{% endfor %}

with

transactions as (
    select * from {{ source('online_retail', 'transactions') }}
),

non_products as (
    select upper(trim(stock_code)) as item_id
    from {{ ref('online_retail_non_product_codes') }}
),

-- the fingerprint: each value behind its length, so that two different lines never give the same text
typed as (
    select
        {{ dbt.hash(dbt.concat(fingerprints)) }} as event_id,
        customer_id as source_record_id,
        case when upper(trim(invoice)) like 'C%' then 'return' else 'purchase' end as event_type,
        {{ dbt.safe_cast('invoice_date', column_type('timestamp')) }} as invoiced_at,
        nullif(upper(trim(stock_code)), '') as item_id,
        invoice as order_id,
        {{ dbt.safe_cast('quantity', column_type('amount')) }} as quantity,
        {{ dbt.safe_cast('price', column_type('amount')) }} as unit_price,
        loaded_at,
        sheet as loaded_from
    from transactions
),

-- quantities of returns are negative in the source; 38 digits, for a barcode typed in as a quantity
measured as (
    select
        *,
        case when event_type = 'return' then -quantity else quantity end as event_quantity,
        cast(case when event_type = 'return' then -quantity else quantity end as decimal(38, 4)) * unit_price
            as event_amount
    from typed
),

final as (
    select
        -- ids
        measured.event_id,
        measured.source_record_id,
        measured.event_type,

        -- when and where
        {{ utc('measured.invoiced_at', 'Europe/London') }} as occurred_at,
        'Europe/London' as time_zone,
        'web' as channel,
        case when non_products.item_id is null then measured.item_id end as item_id,
        measured.order_id,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        cast(null as {{ dbt.type_string() }}) as message_id,

        -- how much
        measured.event_quantity as quantity,
        measured.unit_price,
        cast(null as {{ column_type('amount') }}) as discount_amount,
        {{ dbt.safe_cast(
            'cast(measured.event_amount as ' ~ dbt.type_string() ~ ')', column_type('amount')
        ) }} as amount,
        'GBP' as currency,
        cast(null as {{ dbt.type_string() }}) as properties,

        -- where from
        measured.loaded_at,
        measured.loaded_from
    from measured
    left join non_products
        on measured.item_id = non_products.item_id
)

select * from final
