-- One row per prediction, score_date, segment and who scored: how right the scores were, as BI reads it.
-- Without days whose window closes after the day that this run stands at.
-- depends_on: {{ ref('gate_scores') }}

{{ config(materialized='view') }}

with

performance as (
    select * from {{ ref('model_performance') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

final as (
    select performance.*
    from performance
    inner join today
        on performance.last_date <= today.as_of_date
)

select * from final
