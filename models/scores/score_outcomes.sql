-- One row per (customer_id, prediction, score_date) of past scores whose window has closed and that this run judges:
-- what was said, and what came. Null for who has no label: was never reached, on a channel.
-- depends_on: {{ ref('gate_features') }}

with

scores as (
    select * from {{ ref('label_scores_to_judge') }}
),

segments as (
    select * from {{ ref('score_segments') }}
),

outcomes as (
    {%- for name, settings in var('predictions').items() %}
    select
        customer_id,
        '{{ name }}' as prediction,
        as_of_date as score_date,
        {{ outcome_of(settings) }} as outcome
    from {{ ref('label_' ~ name) }}
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor %}
),

final as (
    select
        scores.customer_id,
        scores.prediction,
        scores.score_date,
        scores.horizon_days,
        scores.model_id,
        scores.score,
        scores.score_lower,
        scores.score_upper,
        scores.rules_score,
        cast(outcomes.outcome as {{ column_type('number') }}) as outcome,
        coalesce(segments.rfm_segment, 'never_bought') as rfm_segment,
        row_number() over (
            partition by scores.prediction, scores.score_date
            order by
                coalesce(segments.purchases_count, 0) desc,
                coalesce(segments.revenue_amount, 0) desc,
                scores.customer_id
        ) as purchases_rank
    from scores
    left join outcomes
        on
            scores.customer_id = outcomes.customer_id
            and scores.prediction = outcomes.prediction
            and scores.score_date = outcomes.score_date
    left join segments
        on
            scores.customer_id = segments.customer_id
            and scores.score_date = segments.score_date
)

select * from final
