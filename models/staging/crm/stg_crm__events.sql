-- One row per lead that left their contact, thing that was done with a lead, or support ticket.
{% set text = dbt.type_string() %}
{% set amount = column_type('amount') %}

with

leads as (
    select * from {{ source('crm', 'leads') }}
),

lead_activities as (
    select * from {{ source('crm', 'lead_activities') }}
),

tickets as (
    select * from {{ source('crm', 'tickets') }}
),

final as (
    select
        lead_id as event_id,
        lead_id as source_record_id,
        'lead_created' as event_type,
        created_at as occurred_at,
        came_by as channel,
        loaded_at,
        'raw_crm.leads' as loaded_from
    from leads

    union all

    select
        activity_id as event_id,
        lead_id as source_record_id,
        kind as event_type,
        happened_at as occurred_at,
        'crm' as channel,
        loaded_at,
        'raw_crm.lead_activities' as loaded_from
    from lead_activities

    union all

    select
        ticket_id as event_id,
        profile_id as source_record_id,
        'support_ticket' as event_type,
        opened_at as occurred_at,
        'crm' as channel,
        loaded_at,
        'raw_crm.tickets' as loaded_from
    from tickets
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
    cast(null as {{ text }}) as campaign_id,
    cast(null as {{ text }}) as message_id,
    cast(null as {{ amount }}) as quantity,
    cast(null as {{ amount }}) as unit_price,
    cast(null as {{ amount }}) as discount_amount,
    cast(null as {{ amount }}) as amount,
    cast(null as {{ text }}) as currency,
    cast(null as {{ text }}) as properties,
    cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
    loaded_from
from final
