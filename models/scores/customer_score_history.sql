-- One row per (customer_id, prediction, score_date): the score of that day and how it ranks among all.
-- State: it survives --full-refresh. A second run on the same day replaces that day's rows, which stay
-- with replaced_by_run_id until the run after it, so that a red run can be undone.
-- depends_on: {{ ref('timeline_as_of_date') }}

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
    transient=false,
    pre_hook=[
        "{{ forget_replaced_rows() }}",
        "{{ replace_rows('replaced_by_run_id is null and score_date in (select as_of_date from ' ~ ref('timeline_as_of_date') ~ ')') }}",
    ],
) }}

with

scored as (
    select * from {{ ref('score_current') }}
),

past as (
    select * from {{ ref('score_past') }}
),

ranked as (
    select
        *,
        cume_dist() over (partition by prediction order by score) as share_at_or_below,
        ntile(10) over (partition by prediction order by score, customer_id) as score_decile
    from scored
),

final as (
    select
        cast(ranked.customer_id as {{ column_type('text') }}) as customer_id,
        cast(ranked.prediction as {{ column_type('text') }}) as prediction,
        cast(ranked.score_date as {{ column_type('date') }}) as score_date,
        cast(ranked.model_id as {{ column_type('text') }}) as model_id,
        cast(ranked.horizon_days as {{ column_type('integer') }}) as horizon_days,
        cast(ranked.score as {{ column_type('number') }}) as score,
        cast(ranked.score_lower as {{ column_type('number') }}) as score_lower,
        cast(ranked.score_upper as {{ column_type('number') }}) as score_upper,
        cast(ranked.median_days as {{ column_type('number') }}) as median_days,
        cast(ranked.rules_score as {{ column_type('number') }}) as rules_score,
        cast(round(100 * ranked.share_at_or_below, 2) as {{ column_type('number') }}) as score_percentile,
        cast(ranked.score_decile as {{ column_type('integer') }}) as score_decile,
        cast(case
            when ranked.score_decile >= 9 then 'high'
            when ranked.score_decile >= 4 then 'medium'
            else 'low'
        end as {{ column_type('text') }}) as score_group,
        cast(past.past_score_date as {{ column_type('date') }}) as past_score_date,
        cast(past.past_score as {{ column_type('number') }}) as past_score,
        cast('{{ invocation_id }}' as {{ column_type('text') }}) as run_id,
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as {{ column_type('timestamp') }}) as scored_at,
        cast(null as {{ column_type('text') }}) as replaced_by_run_id,
        -- what a run says again is as old as the run that said it first
        cast(case
            when
                past.replaced_score = ranked.score
                and past.replaced_past_score is not distinct from past.past_score
                then past.replaced_score_run_id
            else '{{ invocation_id }}'
        end as {{ column_type('text') }}) as score_run_id,
        cast({{ is_exploration('ranked.customer_id', 'ranked.prediction') }} as {{ column_type('boolean') }})
            as is_exploration
    from ranked
    left join past
        on
            ranked.customer_id = past.customer_id
            and ranked.prediction = past.prediction
)

select * from final
