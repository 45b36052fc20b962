-- One row per (customer_id, prediction, score_date): the score history as BI reads it.
-- depends_on: {{ ref('gate_scores') }}

{{ config(materialized='view') }}

with

history as (
    select * from {{ ref('score_history_followed') }}
),

scored as (
    select * from {{ ref('score_current') }}
),

-- reasons are of today's scores alone: state would carry them for ever
final as (
    select
        history.customer_id,
        history.prediction,
        history.score_date,
        history.model_id,
        history.horizon_days,
        history.score,
        history.score_lower,
        history.score_upper,
        history.median_days,
        history.rules_score,
        history.score_percentile,
        history.score_decile,
        history.score_group,
        history.past_score_date,
        history.past_score,
        history.run_id,
        history.scored_at,
        scored.reasons,
        history.is_exploration
    from history
    left join scored
        on
            history.customer_id = scored.customer_id
            and history.prediction = scored.prediction
            and history.score_date = scored.score_date
)

select * from final
