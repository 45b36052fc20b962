-- One row per prediction: whether this run trains it, and why. Past snapshots are built only when one is due.
-- A training counts only if it was done by as_of_date, so that standing at an earlier day is no leak.

{% set age = dbt.datediff('latest.as_of_date', 'today.as_of_date', 'day') %}

with

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

registry as (
    {{ previous('model_registry', registry_columns()) }}
),

alarms as (
    select * from {{ ref('timeline_alarms') }}
),

predictions as (
    {%- for name, settings in var('predictions').items() %}
    select
        '{{ name }}' as prediction,
        '{{ training_settings(name) }}' as settings,
        '{{ prediction_question(name) }}' as question
    {%- if not loop.last %} union all{% endif %}
    {%- endfor %}
),

trained as (
    select
        registry.*,
        row_number() over (
            partition by registry.prediction
            order by registry.as_of_date desc, registry.trained_at desc, registry.model_id
        ) as trainings_back
    from registry
    inner join today
        on registry.as_of_date <= today.as_of_date
),

judged as (
    select
        predictions.prediction,
        predictions.settings,
        predictions.question,
        today.as_of_date,
        case
            when {{ 'true' if var('retrain') else 'false' }} then 'asked for'
            when latest.model_id is null then 'never trained'
            when latest.settings <> predictions.settings then 'its settings changed'
            when {{ age }} >= {{ var('retrain_every_days') }} then 'older than retrain_every_days'
            -- a training since then has seen what was found, whatever came of it
            when latest.as_of_date <= alarms.baseline_date then alarms.alarm
            when latest.status = 'failed' and {{ age }} >= {{ var('retry_failed_after_days') }}
                then 'failed, and older than retry_failed_after_days'
        end as due_reason
    from predictions
    cross join today
    left join trained as latest
        on
            predictions.prediction = latest.prediction
            and latest.trainings_back = 1
    left join alarms
        on predictions.prediction = alarms.prediction
),

final as (
    select
        prediction,
        due_reason is not null as is_due,
        due_reason,
        settings,
        question,
        as_of_date,
        cast('{{ invocation_id }}' as {{ column_type('text') }}) as run_id
    from judged
)

select * from final
