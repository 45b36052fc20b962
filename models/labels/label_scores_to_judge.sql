-- One row per (customer_id, prediction, score_date) of past scores that can be judged now: their window has closed,
-- and their day wasn't judged yet. Under the customer that holds the records now. The newest days come first, as
-- many per prediction as the var judged_days_per_run says: the others are left to the next runs.

with

history as (
    {{ previous('customer_score_history', {
        'customer_id': 'text', 'prediction': 'text', 'score_date': 'date', 'model_id': 'text',
        'horizon_days': 'integer', 'score': 'number', 'score_lower': 'number', 'score_upper': 'number',
        'rules_score': 'number', 'replaced_by_run_id': 'text',
    }) }}
),

judged as (
    {{ previous('model_performance', {'prediction': 'text', 'score_date': 'date', 'scored_by': 'text'}) }}
),

redirects as (
    select * from {{ ref('identity_redirects') }}
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

scores as (
    select history.*
    from history
    inner join predictions
        on
            history.prediction = predictions.prediction
            and history.horizon_days = predictions.horizon_days
    where history.replaced_by_run_id is null
),

scored_days as (
    select
        prediction,
        score_date,
        horizon_days
    from scores
    group by
        prediction,
        score_date,
        horizon_days
),

judged_days as (
    select distinct
        prediction,
        score_date
    from judged
    where scored_by = 'model'
),

days as (
    select
        scored_days.prediction,
        scored_days.score_date,
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

followed as (
    select
        scores.*,
        coalesce(redirects.customer_id, scores.customer_id) as current_customer_id,
        row_number() over (
            partition by
                coalesce(redirects.customer_id, scores.customer_id), scores.prediction, scores.score_date
            order by
                {{ kept_id_order('redirects.retired_at', 'scores.customer_id') }}
        ) as kept_rank
    from scores
    inner join days
        on
            scores.prediction = days.prediction
            and scores.score_date = days.score_date
    left join redirects
        on scores.customer_id = redirects.retired_customer_id
    where days.days_back <= {{ var('judged_days_per_run') }}
),

final as (
    select
        current_customer_id as customer_id,
        prediction,
        score_date,
        horizon_days,
        model_id,
        score,
        score_lower,
        score_upper,
        rules_score
    from followed
    where kept_rank = 1
)

select * from final
