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

laid_out_turns as (
    {{ previous('timeline_owned_events', {'owner_print': 'count'}) }}
),

laid_out as (
    {{ previous('timeline_owned_events', {
        'customer_id': 'text', 'source_name': 'text', 'source_record_id': 'text', 'event_id': 'text',
        'event_type': 'text', 'event_date': 'date', 'event_print': 'count', 'owner_print': 'count',
    }) }}
),

-- turns that aren't there any more as they were
ended_turns as (
    select distinct laid_out_turns.owner_print
    from laid_out_turns
    left join owners
        on laid_out_turns.owner_print = owners.owner_print
    where
        owners.owner_print is null
        and {{ 'true' if keeps_events() else 'false' }}
),

events_before as (
    select laid_out.*
    from laid_out
    left join changed_days
        on laid_out.event_date = changed_days.event_date
    left join ended_turns
        on laid_out.owner_print = ended_turns.owner_print
    where
        changed_days.event_date is not null
        or ended_turns.owner_print is not null
),

moved_records as (
    select distinct
        events_before.source_name,
        events_before.source_record_id
    from events_before
    inner join ended_turns
        on events_before.owner_print = ended_turns.owner_print
),

looked_at as (
    select
        events.*,
        cast(events.occurred_at as date) as event_date
    from events
    left join changed_days
        on cast(events.occurred_at as date) = changed_days.event_date
    left join moved_records
        on
            events.source_name = moved_records.source_name
            and events.source_record_id = moved_records.source_record_id
    where
        changed_days.event_date is not null
        or moved_records.source_name is not null
),

events_now as (
    select
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
