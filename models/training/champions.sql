-- One row per prediction that has a model to score with: the newest promoted one that this day may know, or the one
-- that a person chose since.

with

registry as (
    select * from {{ ref('model_registry') }}
),

choices as (
    select * from {{ ref('champion_choices') }}
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
            order by
                {{ champion_order() }}
        ) as champions_back
    from registry
    inner join today
        on registry.as_of_date <= today.as_of_date
    inner join questions
        on
            registry.prediction = questions.prediction
            and registry.question = questions.question
    left join choices
        on
            registry.prediction = choices.prediction
            and registry.model_id = choices.model_id
    where
        registry.status = 'promoted'
        or choices.model_id is not null
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
