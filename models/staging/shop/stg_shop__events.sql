-- One row per order line, returned order line or browsing event.
-- Rows that can't be right (a quantity of 0, no account) pass: the inputs layer quarantines them.
{% set text = dbt.type_string() %}
{% set amount = column_type('amount') %}

with

orders as (
    select * from {{ source('shop', 'orders') }}
),

order_lines as (
    select * from {{ source('shop', 'order_lines') }}
),

returns as (
    select * from {{ source('shop', 'returns') }}
),

browsing as (
    select * from {{ source('shop', 'browsing') }}
),

-- left joins: a line or a return without its order mustn't vanish unseen
purchased as (
    select
        {{ dbt.concat(['order_lines.order_id', "'-'", 'cast(order_lines.line_number as ' ~ text ~ ')']) }} as event_id,
        orders.account_id,
        'purchase' as event_type,
        orders.ordered_at as occurred_at,
        orders.channel,
        order_lines.product_id,
        order_lines.order_id,
        cast(order_lines.quantity as {{ amount }}) as quantity,
        cast(order_lines.unit_price as {{ amount }}) as unit_price,
        cast(order_lines.discount_amount as {{ amount }}) as discount_amount,
        cast(order_lines.quantity * order_lines.unit_price - order_lines.discount_amount as {{ amount }}) as amount,
        orders.currency,
        order_lines.loaded_at,
        'raw_shop.order_lines' as loaded_from
    from order_lines
    left join orders
        on order_lines.order_id = orders.order_id
),

returned as (
    select
        returns.return_id as event_id,
        orders.account_id,
        'return' as event_type,
        returns.returned_at as occurred_at,
        orders.channel,
        order_lines.product_id,
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
    left join order_lines
        on
            returns.order_id = order_lines.order_id
            and returns.line_number = order_lines.line_number
),

browsed as (
    select
        event_id,
        account_id,
        case kind when 'view' then 'page_view' when 'cart' then 'cart_add' else kind end as event_type,
        occurred_at,
        'web' as channel,
        product_id,
        cast(null as {{ text }}) as order_id,
        cast(null as {{ amount }}) as quantity,
        cast(null as {{ amount }}) as unit_price,
        cast(null as {{ amount }}) as discount_amount,
        cast(null as {{ amount }}) as amount,
        cast(null as {{ text }}) as currency,
        loaded_at,
        'raw_shop.browsing' as loaded_from
    from browsing
),

final as (
    select * from purchased
    union all
    select * from returned
    union all
    select * from browsed
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
