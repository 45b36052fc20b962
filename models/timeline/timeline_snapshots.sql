-- One row per day that features are computed at: the day of this run and past ones to train on.
-- Past ones only in runs that train, and when enough history lies before them.

{% set days_back = '-steps.snapshot_number * ' ~ var('snapshot_every_days') %}

with

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

due_trainings as (
    select * from {{ ref('timeline_due_trainings') }}
),

trained_now as (
    select count(*) as trainings_count
    from due_trainings
    where is_due
),

steps as (
    {%- for step in snapshot_steps() %}
    select {{ step }} as snapshot_number
    {%- if not loop.last %} union all{% endif %}
    {%- endfor %}
),

dated as (
    select
        steps.snapshot_number,
        cast({{ dbt.dateadd('day', days_back, 'today.as_of_date') }} as date) as as_of_date,
        today.first_event_date,
        steps.snapshot_number = 0 as is_current
    from today
    cross join steps
    cross join trained_now
    where
        today.as_of_date is not null
        and (steps.snapshot_number = 0 or trained_now.trainings_count > 0)
),

final as (
    select
        as_of_date,
        snapshot_number,
        is_current,
        first_event_date
    from dated
    where
        is_current
        or as_of_date >= {{ dbt.dateadd('day', var('snapshot_min_history_days'), 'first_event_date') }}
)

select * from final
