-- One row per prediction, score_date, segment and who scored (the model, or the RFM rules beside it): how right the
-- scores of that day were, judged once, in the first run that knew the whole window.
-- State: it survives --full-refresh, and a red run takes its rows back.

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
    transient=false,
) }}

with

performance as (
    select * from {{ ref('score_performance') }}
),

final as (
    select
        {%- for column, type in performance_columns().items() %}
        cast({{ column }} as {{ column_type(type) }}) as {{ column }},
        {%- endfor %}
        cast({{ dbt.dateadd('day', 'horizon_days', 'score_date') }} as date) as last_date,
        cast('{{ invocation_id }}' as {{ column_type('text') }}) as run_id,
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as {{ column_type('timestamp') }}) as judged_at
    from performance
)

select * from final
