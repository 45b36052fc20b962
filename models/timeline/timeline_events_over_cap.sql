-- One row per event over the cap: the var timeline_daily_cap, of one kind, record and day.
-- By record and day, so that what comes later never changes what was known; money is never left out.

with

events as (
    select * from {{ ref('input_events') }}
),

event_types as (
    select * from {{ ref('event_types') }}
    where
        not is_revenue
        and event_type <> 'return'
        and {{ 'true' if var('timeline_daily_cap') is not none else 'false' }}
),

changes as (
    select * from {{ ref('timeline_changes') }}
),

-- no need to look at days before those that are laid out anew
oldest_change as (
    select min(changes_from) as changes_from
    from changes
),

looked_at as (
    select
        events.source_name,
        events.source_record_id,
        events.event_id,
        events.event_type,
        events.occurred_at,
        cast(events.occurred_at as date) as event_date
    from events
    inner join event_types
        on events.event_type = event_types.event_type
    cross join oldest_change
    where
        {{ 'false' if keeps_events() else 'true' }}
        or cast(events.occurred_at as date) >= oldest_change.changes_from
),

crowded_days as (
    select
        source_name,
        source_record_id,
        event_type,
        event_date
    from looked_at
    group by
        source_name,
        source_record_id,
        event_type,
        event_date
    having count(*) > {{ var('timeline_daily_cap') or 0 }}
),

numbered as (
    select
        looked_at.source_name,
        looked_at.source_record_id,
        looked_at.event_id,
        looked_at.event_type,
        looked_at.event_date,
        row_number() over (
            partition by
                looked_at.source_name, looked_at.source_record_id, looked_at.event_type, looked_at.event_date
            order by looked_at.occurred_at, looked_at.event_id
        ) as number_in_day
    from looked_at
    inner join crowded_days
        on
            looked_at.source_name = crowded_days.source_name
            and looked_at.source_record_id = crowded_days.source_record_id
            and looked_at.event_type = crowded_days.event_type
            and looked_at.event_date = crowded_days.event_date
),

final as (
    select
        source_name,
        event_id,
        source_record_id,
        event_type,
        event_date,
        number_in_day
    from numbered
    where number_in_day > {{ var('timeline_daily_cap') or 0 }}
)

select * from final
