-- One row per order item, or returned order item.
-- Rows that can't be right (a quantity of 0, no account) pass: the inputs layer quarantines them.
{% set text = dbt.type_string() %}
{% set amount = column_type('amount') %}

with

orders as (
    select * from {{ source('shop', 'orders') }}
),

order_items as (
    select * from {{ source('shop', 'order_items') }}
),

returns as (
    select * from {{ source('shop', 'returns') }}
),

-- left joins: a line or a return without its order mustn't vanish unseen
purchased as (
    select
        {{ dbt.concat(['order_items.order_id', "'-'", 'cast(order_items.line_number as ' ~ text ~ ')']) }} as event_id,
        orders.account_id,
        'purchase' as event_type,
        orders.ordered_at as occurred_at,
        orders.channel,
        order_items.product_id,
        order_items.order_id,
        cast(order_items.quantity as {{ amount }}) as quantity,
        cast(order_items.unit_price as {{ amount }}) as unit_price,
        cast(order_items.discount_amount as {{ amount }}) as discount_amount,
        cast(order_items.quantity * order_items.unit_price - order_items.discount_amount as {{ amount }}) as amount,
        orders.currency,
        order_items.loaded_at,
        'raw_shop.order_items' as loaded_from
    from order_items
    left join orders
        on order_items.order_id = orders.order_id
),

returned as (
    select
        returns.return_id as event_id,
        orders.account_id,
        'return' as event_type,
        returns.returned_at as occurred_at,
        orders.channel,
        order_items.product_id,
        returns.order_id,
        cast(returns.quantity as {{ amount }}) as quantity,
        cast(null as {{ amount }}) as unit_price,
        cast(null as {{ amount }}) as discount_amount,
        cast(returns.refund_amount as {{ amount }}) as amount,
        orders.currency,
        returns.loaded_at,
        'raw_shop.returns' as loaded_from
    from returns
    left join orders
        on returns.order_id = orders.order_id
    left join order_items
        on
            returns.order_id = order_items.order_id
            and returns.line_number = order_items.line_number
),

final as (
    select * from purchased
    union all
    select * from returned
)

select
    event_id,
    account_id as source_record_id,
    event_type,
    cast(occurred_at as {{ column_type('timestamp') }}) as occurred_at,
    'Europe/Berlin' as time_zone,
    channel,
    product_id as item_id,
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
    loaded_from
from final
