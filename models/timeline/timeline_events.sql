-- One row per event of a known customer: the spine that everything later is computed from.
-- known_at is when the event and whose it is were both known; features look at no later one.
-- depends_on: {{ ref('gate_inputs') }}

with

events as (
    select * from {{ ref('input_events') }}
),

identity_map as (
    select * from {{ ref('identity_map') }}
    where valid_to is null
),

event_types as (
    select * from {{ ref('event_types') }}
),

final as (
    select
        identity_map.customer_id,
        events.source_name,
        events.source_record_id,
        events.event_id,
        events.event_type,
        event_types.is_revenue,
        event_types.is_engagement,
        event_types.is_touch,
        events.occurred_at,
        {{ latest('events.occurred_at', 'identity_map.linked_at') }} as known_at,
        cast(events.occurred_at as date) as event_date,
        cast({{ latest('events.occurred_at', 'identity_map.linked_at') }} as date) as known_date,
        events.time_zone,
        events.channel,
        events.item_id,
        events.order_id,
        events.campaign_id,
        events.message_id,
        events.quantity,
        events.unit_price,
        events.discount_amount,
        events.amount,
        events.currency,
        events.properties
    from events
    inner join identity_map
        on
            events.source_name = identity_map.source_name
            and events.source_record_id = identity_map.source_record_id
    inner join event_types
        on events.event_type = event_types.event_type
    where {{ in_sample('identity_map.customer_id') }}
)

select * from final
