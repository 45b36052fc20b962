-- One row per prediction of which the last run of an earlier day found that it should be trained anew, and why.
-- Of several alarms the one that saw the newest scores: who trained since then has seen the others, too.

with

alarms as (
    {{ previous('model_alarms', {
        'prediction': 'text', 'alarm': 'text', 'as_of_date': 'date', 'baseline_date': 'date',
    }) }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

ranked as (
    select
        alarms.*,
        row_number() over (
            partition by alarms.prediction
            order by alarms.baseline_date desc, alarms.alarm
        ) as alarms_back
    from alarms
    -- a run that is repeated on its day decides as it did
    inner join today
        on alarms.as_of_date < today.as_of_date
),

final as (
    select
        prediction,
        alarm,
        as_of_date,
        baseline_date
    from ranked
    where alarms_back = 1
)

select * from final
