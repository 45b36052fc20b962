-- One row per (customer_id, prediction, score_date): the score of that day and how it ranks among all.
-- State: it survives --full-refresh. A second run on the same day replaces that day's rows, which stay
-- with replaced_by_run_id until the run after it, so that a red run can be undone.
-- depends_on: {{ ref('timeline_as_of_date') }}

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
    pre_hook=[
        "{{ forget_replaced_rows() }}",
        "{{ replace_rows('replaced_by_run_id is null and score_date in (select as_of_date from ' ~ ref('timeline_as_of_date') ~ ')') }}",
    ],
) }}

with

scored as (
    {%- for name in var('predictions') %}
    select
        customer_id,
        '{{ name }}' as prediction,
        {{ var('predictions')[name]['horizon_days'] }} as horizon_days,
        as_of_date as score_date,
        model_id,
        score
    from {{ ref('score_' ~ name) }}
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor %}
),

history as (
    {{ previous('customer_score_history', {
        'customer_id': 'text', 'prediction': 'text', 'score_date': 'date', 'score': 'number',
    }) }}
),

ranked as (
    select
        *,
        cume_dist() over (partition by prediction order by score) as share_at_or_below,
        ntile(10) over (partition by prediction order by score, customer_id) as score_decile
    from scored
),

past as (
    select
        history.customer_id,
        history.prediction,
        history.score,
        row_number() over (
            partition by history.customer_id, history.prediction order by history.score_date desc
        ) as scores_back
    from history
    inner join scored
        on
            history.customer_id = scored.customer_id
            and history.prediction = scored.prediction
            and history.score_date < scored.score_date
),

final as (
    select
        cast(ranked.customer_id as {{ column_type('text') }}) as customer_id,
        cast(ranked.prediction as {{ column_type('text') }}) as prediction,
        cast(ranked.score_date as {{ column_type('date') }}) as score_date,
        cast(ranked.model_id as {{ column_type('text') }}) as model_id,
        cast(ranked.horizon_days as {{ column_type('integer') }}) as horizon_days,
        cast(ranked.score as {{ column_type('number') }}) as score,
        cast(round(100 * ranked.share_at_or_below, 2) as {{ column_type('number') }}) as score_percentile,
        cast(ranked.score_decile as {{ column_type('integer') }}) as score_decile,
        cast(case
            when ranked.score_decile >= 9 then 'high'
            when ranked.score_decile >= 4 then 'medium'
            else 'low'
        end as {{ column_type('text') }}) as score_group,
        cast(past.score as {{ column_type('number') }}) as past_score,
        cast('{{ invocation_id }}' as {{ column_type('text') }}) as run_id,
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as {{ column_type('timestamp') }}) as scored_at,
        cast(null as {{ column_type('text') }}) as replaced_by_run_id
    from ranked
    left join past
        on
            ranked.customer_id = past.customer_id
            and ranked.prediction = past.prediction
            and past.scores_back = 1
)

select * from final
