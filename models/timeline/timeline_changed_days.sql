-- One row per day whose events aren't those that timeline_owned_events holds: new, late, corrected, withdrawn.
-- Two sums per day tell, so no run has to remember what the one before it read. Empty when all is laid
-- out anew; the var late_events_days says how far back is looked.

with

events as (
    select * from {{ ref('input_events') }}
),

-- read when the var is set
today as (  -- noqa: ST03
    select * from {{ ref('timeline_as_of_date') }}
),

laid_out as (
    {{ previous('timeline_owned_events', {'event_date': 'date', 'event_print': 'count'}) }}
),

days_now as (
    select
        cast(events.occurred_at as date) as event_date,
        count(*) as events_count,
        sum({{ event_print('events') }}) as events_print
    from events
    group by cast(events.occurred_at as date)
),

days_before as (
    select
        event_date,
        count(*) as events_count,
        sum(event_print) as events_print
    from laid_out
    group by event_date
),

compared as (
    select
        coalesce(days_now.event_date, days_before.event_date) as event_date,
        days_now.events_count = days_before.events_count
        and days_now.events_print = days_before.events_print as is_as_before
    from days_now
    full outer join days_before
        on days_now.event_date = days_before.event_date
),

-- of a sample not all events are laid out, so that sums say nothing
changed as (
    select event_date
    from compared
    where
        {{ 'true' if keeps_events() else 'false' }}
        and ({{ 'true' if is_sampled() else 'false' }} or not coalesce(is_as_before, false))
),

-- read when the var is set
laid_out_until as (  -- noqa: ST03
    select max(event_date) as last_event_date
    from days_before
),

final as (
    select changed.event_date
    from changed
    {%- if var('late_events_days') is not none %}
    cross join today
    cross join laid_out_until
    where
        changed.event_date > {{ dbt.dateadd('day', -var('late_events_days'), 'today.as_of_date') }}
        -- nothing is late that came after all that is laid out, however long ago
        or changed.event_date > laid_out_until.last_event_date
    {%- endif %}
)

select * from final
