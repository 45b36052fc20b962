-- One row per (customer_id, prediction) of today that had a score: the newest of the days before, and today's as an
-- earlier run left it. Both by the customer that holds the records now, so that scores follow a merge.

with

scored as (
    select * from {{ ref('score_current') }}
),

history as (
    {{ previous('customer_score_history', {
        'customer_id': 'text', 'prediction': 'text', 'score_date': 'date', 'score': 'number', 'past_score': 'number',
        'run_id': 'text', 'score_run_id': 'text', 'replaced_by_run_id': 'text',
    }) }}
),

redirects as (
    select * from {{ ref('identity_redirects') }}
),

followed as (
    select
        history.prediction,
        history.score_date,
        history.score,
        history.past_score,
        coalesce(history.score_run_id, history.run_id) as score_run_id,
        coalesce(redirects.customer_id, history.customer_id) as customer_id,
        redirects.retired_at,
        history.customer_id as scored_customer_id
    from history
    left join redirects
        on history.customer_id = redirects.retired_customer_id
    where history.replaced_by_run_id is null
),

ranked as (
    select
        followed.*,
        followed.score_date = scored.score_date as is_of_today,
        row_number() over (
            partition by followed.customer_id, followed.prediction, followed.score_date = scored.score_date
            order by
                followed.score_date desc,
                {{ kept_id_order('followed.retired_at', 'followed.scored_customer_id') }}
        ) as scores_back
    from followed
    inner join scored
        on
            followed.customer_id = scored.customer_id
            and followed.prediction = scored.prediction
            and followed.score_date <= scored.score_date
),

final as (
    select
        customer_id,
        prediction,
        max(case when not is_of_today then score_date end) as past_score_date,
        max(case when not is_of_today then score end) as past_score,
        max(case when is_of_today then score end) as replaced_score,
        max(case when is_of_today then past_score end) as replaced_past_score,
        max(case when is_of_today then score_run_id end) as replaced_score_run_id
    from ranked
    where scores_back = 1
    group by
        customer_id,
        prediction
)

select * from final
