-- One row per message sent, and per thing that came of it: a bounce, an open, a click, an unsubscription.
{% set text = dbt.type_string() %}
{% set amount = column_type('amount') %}

with

sends as (
    select * from {{ source('messages', 'sends') }}
),

responses as (
    select * from {{ source('messages', 'responses') }}
),

final as (
    select
        message_id as event_id,
        subscriber_id as source_record_id,
        'message_sent' as event_type,
        sent_at as occurred_at,
        channel,
        campaign_id,
        message_id,
        loaded_at,
        'raw_messages.sends' as loaded_from
    from sends

    union all

    select
        response_id as event_id,
        subscriber_id as source_record_id,
        case kind
            when 'bounce' then 'message_bounced'
            when 'open' then 'message_opened'
            when 'click' then 'message_clicked'
            when 'unsubscribe' then 'unsubscribed'
            else kind
        end as event_type,
        responded_at as occurred_at,
        channel,
        campaign_id,
        message_id,
        loaded_at,
        'raw_messages.responses' as loaded_from
    from responses
)

select
    event_id,
    source_record_id,
    event_type,
    cast(occurred_at as {{ column_type('timestamp') }}) as occurred_at,
    'Europe/Berlin' as time_zone,
    channel,
    cast(null as {{ text }}) as item_id,
    cast(null as {{ text }}) as order_id,
    campaign_id,
    message_id,
    cast(null as {{ amount }}) as quantity,
    cast(null as {{ amount }}) as unit_price,
    cast(null as {{ amount }}) as discount_amount,
    cast(null as {{ amount }}) as amount,
    cast(null as {{ text }}) as currency,
    cast(null as {{ text }}) as properties,
    cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
    loaded_from
from final
