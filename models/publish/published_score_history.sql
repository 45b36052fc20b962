-- One row per (customer_id, prediction, score_date): the score history as BI reads it.
-- depends_on: {{ ref('gate_scores') }}

{{ config(materialized='view') }}

with

history as (
    select * from {{ ref('score_history_followed') }}
),

final as (
    select
        customer_id,
        prediction,
        score_date,
        model_id,
        horizon_days,
        score,
        score_percentile,
        score_decile,
        score_group,
        past_score_date,
        past_score,
        run_id,
        scored_at
    from history
)

select * from final
