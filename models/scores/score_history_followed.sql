-- One row per (customer_id, prediction, score_date): the scores that count, under the customer that holds the
-- records now. Without rows that were replaced, and without days after the one that this run stands at.

{{ config(materialized='view') }}

with

history as (
    select * from {{ ref('customer_score_history') }}
),

redirects as (
    select * from {{ ref('identity_redirects') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

ranked as (
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
    inner join today
        on history.score_date <= today.as_of_date
    left join redirects
        on history.customer_id = redirects.retired_customer_id
    where history.replaced_by_run_id is null
),

final as (
    select
        current_customer_id as customer_id,
        prediction,
        score_date,
        model_id,
        horizon_days,
        score,
        score_lower,
        score_upper,
        median_days,
        rules_score,
        score_percentile,
        score_decile,
        score_group,
        past_score_date,
        past_score,
        run_id,
        -- null in rows of versions that didn't say it
        coalesce(score_run_id, run_id) as score_run_id,
        scored_at,
        -- false in rows of versions that drew nobody
        coalesce(is_exploration, false) as is_exploration
    from ranked
    where kept_rank = 1
)

select * from final
