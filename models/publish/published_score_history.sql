-- One row per (customer_id, prediction, score_date): the score history as BI reads it.
-- Without rows that were replaced, and without days after the one that this run stands at.
-- depends_on: {{ ref('gate_scores') }}

{{ config(materialized='view') }}

with

history as (
    select * from {{ ref('customer_score_history') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

final as (
    select
        history.customer_id,
        history.prediction,
        history.score_date,
        history.model_id,
        history.horizon_days,
        history.score,
        history.score_percentile,
        history.score_decile,
        history.score_group,
        history.past_score,
        history.run_id,
        history.scored_at
    from history
    inner join today
        on history.score_date <= today.as_of_date
    where history.replaced_by_run_id is null
)

select * from final
