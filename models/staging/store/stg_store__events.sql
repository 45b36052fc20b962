-- One row per item of a receipt, or item given back.
-- Tills print local time. Rows that can't be right (no card, a price below zero) pass: inputs quarantine them.
{% set text = dbt.type_string() %}
{% set amount = column_type('amount') %}

with

receipts as (
    select * from {{ source('store', 'receipts') }}
),

receipt_items as (
    select * from {{ source('store', 'receipt_items') }}
),

-- left join: an item without its receipt mustn't vanish unseen
final as (
    select
        {{ dbt.concat([
            'receipt_items.receipt_id', "'-'", 'cast(receipt_items.position as ' ~ text ~ ')',
            "case when receipt_items.is_refund then '-refund' else '' end",
        ]) }} as event_id,
        receipts.card_number as source_record_id,
        case when receipt_items.is_refund then 'return' else 'purchase' end as event_type,
        case when receipt_items.is_refund then receipt_items.refunded_at else receipts.printed_at end as printed_at,
        receipt_items.article_id as item_id,
        receipt_items.receipt_id as order_id,
        cast(receipt_items.pieces as {{ amount }}) as quantity,
        cast(receipt_items.piece_price as {{ amount }}) as unit_price,
        cast(receipt_items.rebate as {{ amount }}) as discount_amount,
        cast(receipt_items.pieces * receipt_items.piece_price - receipt_items.rebate as {{ amount }}) as amount,
        receipts.currency,
        receipt_items.loaded_at
    from receipt_items
    left join receipts
        on receipt_items.receipt_id = receipts.receipt_id
)

select
    event_id,
    source_record_id,
    event_type,
    cast({{ utc('printed_at', 'Europe/Berlin') }} as {{ column_type('timestamp') }}) as occurred_at,
    'Europe/Berlin' as time_zone,
    'store' as channel,
    item_id,
    order_id,
    cast(null as {{ text }}) as campaign_id,
    cast(null as {{ text }}) as message_id,
    quantity,
    unit_price,
    discount_amount,
    amount,
    currency,
    cast(null as {{ text }}) as properties,
    cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
    'raw_store.receipt_items' as loaded_from
from final
