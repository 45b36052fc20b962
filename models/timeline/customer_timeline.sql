-- One row per event of a customer, as BI reads it; the var published_timeline_days limits how far back.

{{ config(materialized='view') }}

with

events as (
    select * from {{ ref('timeline_events') }}
),

-- read when the var is set
today as (  -- noqa: ST03
    select * from {{ ref('timeline_as_of_date') }}
),

final as (
    select
        events.customer_id,
        events.source_name,
        events.source_record_id,
        events.event_id,
        events.event_type,
        events.occurred_at,
        events.known_at,
        events.channel,
        events.order_id,
        events.item_id,
        events.campaign_id,
        events.message_id,
        events.quantity,
        events.unit_price,
        events.discount_amount,
        events.amount,
        events.currency
    from events
    {%- if var('published_timeline_days') %}
    inner join today
        on events.event_date > {{ dbt.dateadd('day', -var('published_timeline_days'), 'today.as_of_date') }}
    {%- endif %}
)

select * from final
