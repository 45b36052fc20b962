-- One row per prediction that has a model to score with: the newest promoted one that this day may know.

with

registry as (
    select * from {{ ref('model_registry') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

-- a model that learnt another horizon or population must not score this one
questions as (
    {%- for name in var('predictions') %}
    select
        '{{ name }}' as prediction,
        '{{ prediction_question(name) }}' as question
    {%- if not loop.last %} union all{% endif %}
    {%- endfor %}
),

ranked as (
    select
        registry.*,
        row_number() over (
            partition by registry.prediction
            order by registry.as_of_date desc, registry.trained_at desc, registry.model_id
        ) as champions_back
    from registry
    inner join today
        on registry.as_of_date <= today.as_of_date
    inner join questions
        on
            registry.prediction = questions.prediction
            and registry.question = questions.question
    where registry.status = 'promoted'
),

final as (
    select
        prediction,
        model_id,
        as_of_date as trained_as_of_date,
        horizon_days,
        metrics,
        features,
        calibration,
        booster,
        booster_sha256
    from ranked
    where champions_back = 1
)

select * from final
