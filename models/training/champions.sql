-- One row per prediction that has something to score with: the newest promoted model that this day may know, or the one
-- that a person chose since. Where there is none, the rules baseline that the last training left.

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
        registry.status = 'promoted' or choices.model_id is not null as is_model,
        row_number() over (
            partition by registry.prediction
            order by
                case when registry.status = 'promoted' or choices.model_id is not null then 0 else 1 end,
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
        or registry.rules is not null
),

final as (
    select
        prediction,
        model_id,
        as_of_date as trained_as_of_date,
        coalesce(objective, 'probability') as objective,
        horizon_days,
        case when is_model then metrics end as metrics,
        case when is_model then features end as features,
        case when is_model then categories end as categories,
        case when is_model then calibration end as calibration,
        case when is_model then shape end as shape,
        rules,
        case when is_model then booster_sha256 end as booster_sha256
    from ranked
    where champions_back = 1
)

select * from final
