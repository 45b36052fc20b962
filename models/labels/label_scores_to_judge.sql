-- One row per (customer_id, prediction, score_date) of the scores that this run judges, under the customer that holds
-- the records now.

with

history as (
    {{ previous('customer_score_history', {
        'customer_id': 'text', 'prediction': 'text', 'score_date': 'date', 'model_id': 'text',
        'horizon_days': 'integer', 'score': 'number', 'score_lower': 'number', 'score_upper': 'number',
        'rules_score': 'number', 'replaced_by_run_id': 'text',
    }) }}
),

days as (
    select * from {{ ref('label_days_to_judge') }}
),

redirects as (
    select * from {{ ref('identity_redirects') }}
),

followed as (
    select
        history.*,
        coalesce(redirects.customer_id, history.customer_id) as current_customer_id,
        row_number() over (
            partition by
                coalesce(redirects.customer_id, history.customer_id), history.prediction, history.score_date
            order by
                {{ kept_id_order('redirects.retired_at', 'history.customer_id') }}
        ) as kept_rank
    from history
    inner join days
        on
            history.prediction = days.prediction
            and history.score_date = days.score_date
            and history.horizon_days = days.horizon_days
    left join redirects
        on history.customer_id = redirects.retired_customer_id
    where history.replaced_by_run_id is null
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
