-- One row per hit of the website or the app: a page, a search or a cart.
-- A hit belongs to the browser's cookie, or to the device that the app runs on.
{% set text = dbt.type_string() %}
{% set amount = column_type('amount') %}

with

hits as (
    select * from {{ source('web', 'hits') }}
),

final as (
    select
        hit_id as event_id,
        coalesce(cookie_id, device_id) as source_record_id,
        case hit_type
            when 'page' then 'page_view'
            when 'cart' then 'cart_add'
            else hit_type
        end as event_type,
        hit_at as occurred_at,
        case when device_id is null then 'web' else 'app' end as channel,
        product_id as item_id,
        case when search_words is not null then {{ json_row({'search_words': 'text'}) }} end as properties,
        loaded_at
    from hits
)

select
    event_id,
    source_record_id,
    event_type,
    cast(occurred_at as {{ column_type('timestamp') }}) as occurred_at,
    'Europe/Berlin' as time_zone,
    channel,
    item_id,
    cast(null as {{ text }}) as order_id,
    cast(null as {{ text }}) as campaign_id,
    cast(null as {{ text }}) as message_id,
    cast(null as {{ amount }}) as quantity,
    cast(null as {{ amount }}) as unit_price,
    cast(null as {{ amount }}) as discount_amount,
    cast(null as {{ amount }}) as amount,
    cast(null as {{ text }}) as currency,
    properties,
    cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
    'raw_web.hits' as loaded_from
from final
