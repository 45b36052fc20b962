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

redirects as (
    select * from {{ ref('identity_redirects') }}
),

ranked as (
    select
        *,
        cume_dist() over (partition by prediction order by score) as share_at_or_below,
        ntile(10) over (partition by prediction order by score, customer_id) as score_decile
    from scored
),

-- by the customer that holds the records now
followed as (
    select
        history.prediction,
        history.score_date,
        history.score,
        coalesce(redirects.customer_id, history.customer_id) as customer_id,
        redirects.retired_at,
        history.customer_id as scored_customer_id
    from history
    left join redirects
        on history.customer_id = redirects.retired_customer_id
),

-- of two scores of a day the one under the id that was kept counts, or was kept longer
past as (
    select
        followed.customer_id,
        followed.prediction,
        followed.score,
        row_number() over (
            partition by followed.customer_id, followed.prediction
            order by
                followed.score_date desc,
                case when followed.retired_at is null then 0 else 1 end,
                followed.retired_at desc,
                followed.scored_customer_id
        ) as scores_back
    from followed
    inner join scored
        on
            followed.customer_id = scored.customer_id
            and followed.prediction = scored.prediction
            and followed.score_date < scored.score_date
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
