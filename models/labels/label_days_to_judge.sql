-- One row per prediction and past day whose scores this run judges: their window has closed, and they weren't judged
-- yet. The newest come first, as many per prediction as the var judged_days_per_run says: the others are left to the
-- next runs.

with

history as (
    {{ previous('customer_score_history', {
        'prediction': 'text', 'score_date': 'date', 'horizon_days': 'integer', 'replaced_by_run_id': 'text',
    }) }}
),

judged as (
    {{ previous('model_performance', {'prediction': 'text', 'score_date': 'date', 'scored_by': 'text'}) }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

-- a score over another horizon than today's has no label
predictions as (
    {%- for name, settings in var('predictions').items() %}
    select
        '{{ name }}' as prediction,
        {{ settings.horizon_days }} as horizon_days
    {%- if not loop.last %} union all{% endif %}
    {%- endfor %}
),

scored_days as (
    select
        history.prediction,
        history.score_date,
        history.horizon_days
    from history
    inner join predictions
        on
            history.prediction = predictions.prediction
            and history.horizon_days = predictions.horizon_days
    where history.replaced_by_run_id is null
    group by
        history.prediction,
        history.score_date,
        history.horizon_days
),

judged_days as (
    select distinct
        prediction,
        score_date
    from judged
    where scored_by = 'model'
),

ranked as (
    select
        scored_days.prediction,
        scored_days.score_date,
        scored_days.horizon_days,
        row_number() over (partition by scored_days.prediction order by scored_days.score_date desc) as days_back
    from scored_days
    inner join today
        on {{ dbt.dateadd('day', 'scored_days.horizon_days', 'scored_days.score_date') }} <= today.as_of_date
    left join judged_days
        on
            scored_days.prediction = judged_days.prediction
            and scored_days.score_date = judged_days.score_date
    where judged_days.prediction is null
),

final as (
    select
        prediction,
        score_date,
        horizon_days
    from ranked
    where days_back <= {{ var('judged_days_per_run') }}
)

select * from final
