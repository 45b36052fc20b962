-- One row per (customer_id, prediction, score_date) whose score crossed a threshold against the score before it: what
-- triggers automation. Of several thresholds that were crossed at once the last one counts. run_id is the run that
-- first gave the score, so a run that is repeated adds nothing.

with

history as (
    select * from {{ ref('score_history_followed') }}
),

thresholds as (
    {%- for threshold in score_change_thresholds() %}
    select
        '{{ threshold.prediction }}' as prediction,
        {{ threshold.level }} as threshold,
        {{ threshold.minimum_change }} as minimum_change
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- else %}
    select
        '' as prediction,
        0.5 as threshold,
        0.0 as minimum_change
    where 1 = 0
    {%- endfor %}
),

moved as (
    select
        *,
        -- rounded, so that 0.9 is a tenth above 0.8
        round(score - past_score, 9) as score_change
    from history
    where past_score is not null
),

-- a score that reaches a threshold is above it
crossed as (
    select
        moved.*,
        thresholds.threshold,
        count(*) over (
            partition by moved.customer_id, moved.prediction, moved.score_date
        ) as thresholds_count,
        row_number() over (
            partition by moved.customer_id, moved.prediction, moved.score_date
            order by abs(thresholds.threshold - moved.past_score) desc
        ) as thresholds_back
    from moved
    inner join thresholds
        on
            moved.prediction = thresholds.prediction
            and (moved.past_score >= thresholds.threshold) <> (moved.score >= thresholds.threshold)
            and abs(moved.score_change) >= thresholds.minimum_change
),

final as (
    select
        customer_id,
        prediction,
        score_date,
        cast(past_score_date as {{ column_type('date') }}) as past_score_date,
        past_score,
        score,
        cast(score_change as {{ column_type('number') }}) as score_change,
        cast(case when score_change > 0 then 'up' else 'down' end as {{ column_type('text') }}) as direction,
        cast(threshold as {{ column_type('number') }}) as threshold,
        cast(thresholds_count as {{ column_type('integer') }}) as thresholds_count,
        model_id,
        cast(score_run_id as {{ column_type('text') }}) as run_id
    from crossed
    where thresholds_back = 1
)

select * from final
