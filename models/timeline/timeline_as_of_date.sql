-- One row: the day that this run stands at, the last whole UTC day that is known.
-- The newest day of events may still be running, so the default is the day before it.
-- depends_on: {{ ref('gate_inputs') }}

{{ config(pre_hook="{{ check_as_of_date() }}") }}

with

events as (
    select * from {{ ref('input_events') }}
),

final as (
    select
        {{ last_known_day() }} as as_of_date,
        min(cast(occurred_at as date)) as first_event_date
    from events
)

select * from final
