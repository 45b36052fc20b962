-- One row per event of a known customer, with what it means and where its item stands: the spine.
-- A view, so that a changed seed or catalogue shows at once; the events themselves are kept in
-- timeline_owned_events. Those over the daily cap are left out here.

{{ config(materialized='view') }}

with

owned_events as (
    select * from {{ ref('timeline_owned_events') }}
),

event_types as (
    select * from {{ ref('event_types') }}
),

catalogue as (
    select * from {{ ref('timeline_catalogue') }}
),

final as (
    select
        owned_events.customer_id,
        owned_events.source_name,
        owned_events.source_record_id,
        owned_events.event_id,
        owned_events.event_type,
        event_types.is_revenue,
        event_types.is_engagement,
        event_types.is_touch,
        owned_events.occurred_at,
        owned_events.local_at,
        owned_events.known_at,
        owned_events.event_date,
        owned_events.known_date,
        owned_events.time_zone,
        owned_events.channel,
        owned_events.item_id,
        catalogue.category,
        catalogue.subcategory,
        catalogue.brand,
        catalogue.list_price,
        owned_events.order_id,
        owned_events.campaign_id,
        owned_events.message_id,
        owned_events.quantity,
        owned_events.unit_price,
        owned_events.discount_amount,
        owned_events.amount,
        owned_events.currency,
        owned_events.properties,
        owned_events.event_number,
        owned_events.seconds_since_previous
    from owned_events
    inner join event_types
        on owned_events.event_type = event_types.event_type
    left join catalogue
        on
            owned_events.source_name = catalogue.source_name
            and owned_events.item_id = catalogue.item_id
    where owned_events.event_number is not null
)

select * from final
