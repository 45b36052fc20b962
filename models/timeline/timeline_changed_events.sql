-- One row per customer, event type and day on which an event isn't as it was laid out before.
-- Two things change a timeline: events that are new, gone or other than they were, and records that
-- have another owner now. Empty when all is laid out anew.

with

events as (
    select * from {{ ref('input_events') }}
),

owners as (
    select * from {{ ref('timeline_owners') }}
),

changed_days as (
    select * from {{ ref('timeline_changed_days') }}
),

laid_out as (
    {{ previous('timeline_owned_events', {
        'customer_id': 'text', 'source_name': 'text', 'source_record_id': 'text', 'event_id': 'text',
        'event_type': 'text', 'event_date': 'date', 'event_print': 'count', 'owner_print': 'count',
    }) }}
),

-- laid out by a turn that isn't there any more as it was
moved_events as (
    select laid_out.*
    from laid_out
    left join owners
        on laid_out.owner_print = owners.owner_print
    where
        owners.owner_print is null
        and {{ 'true' if keeps_events() else 'false' }}
),

moved_records as (
    select distinct
        source_name,
        source_record_id
    from moved_events
),

looked_at as (
    select
        events.*,
        changed_days.event_date
    from events
    inner join changed_days
        on cast(events.occurred_at as date) = changed_days.event_date

    union all

    select
        events.*,
        cast(events.occurred_at as date) as event_date
    from events
    inner join moved_records
        on
            events.source_name = moved_records.source_name
            and events.source_record_id = moved_records.source_record_id
),

events_now as (
    select distinct
        owners.customer_id,
        looked_at.source_name,
        looked_at.source_record_id,
        looked_at.event_id,
        looked_at.event_type,
        looked_at.event_date,
        {{ event_print('looked_at') }} as event_print,
        owners.owner_print
    from looked_at
    inner join owners
        on {{ is_owned_by('looked_at', 'owners') }}
),

events_before as (
    select laid_out.*
    from laid_out
    inner join changed_days
        on laid_out.event_date = changed_days.event_date

    union

    select * from moved_events
),

-- an event that is as it was stands here twice
versions as (
    select * from events_now
    union all
    select * from events_before
),

unpaired as (
    select
        customer_id,
        event_type,
        event_date
    from versions
    group by customer_id, source_name, event_id, event_type, event_date, event_print, owner_print
    having count(*) = 1
),

final as (
    select distinct
        customer_id,
        event_type,
        event_date
    from unpaired
)

select * from final
