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

shared_records as (
    select * from {{ ref('identity_shared_records') }}
),

event_types as (
    select * from {{ ref('event_types') }}
),

-- on a record that several people use an event is whoever's turn it was
owned as (
    select
        events.*,
        coalesce(shared_records.customer_id, identity_map.customer_id) as customer_id,
        coalesce(shared_records.linked_at, identity_map.linked_at) as linked_at
    from events
    inner join identity_map
        on
            events.source_name = identity_map.source_name
            and events.source_record_id = identity_map.source_record_id
    left join shared_records
        on
            events.source_name = shared_records.source_name
            and events.source_record_id = shared_records.source_record_id
            and (shared_records.used_from is null or events.occurred_at >= shared_records.used_from)
            and (shared_records.used_to is null or events.occurred_at < shared_records.used_to)
),

final as (
    select
        owned.customer_id,
        owned.source_name,
        owned.source_record_id,
        owned.event_id,
        owned.event_type,
        event_types.is_revenue,
        event_types.is_engagement,
        event_types.is_touch,
        owned.occurred_at,
        {{ latest('owned.occurred_at', 'owned.linked_at') }} as known_at,
        cast(owned.occurred_at as date) as event_date,
        cast({{ latest('owned.occurred_at', 'owned.linked_at') }} as date) as known_date,
        owned.time_zone,
        owned.channel,
        owned.item_id,
        owned.order_id,
        owned.campaign_id,
        owned.message_id,
        owned.quantity,
        owned.unit_price,
        owned.discount_amount,
        owned.amount,
        owned.currency,
        owned.properties
    from owned
    inner join event_types
        on owned.event_type = event_types.event_type
    where {{ in_sample('owned.customer_id') }}
)

select * from final
