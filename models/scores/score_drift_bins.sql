-- One row per prediction with a champion and twentieth of the customers that it scored on its first day: how many
-- scores lie there today, and did on that day. By twentieths of that day it is the same for probabilities and amounts.

with

history as (
    select * from {{ ref('customer_score_history') }}
    where replaced_by_run_id is null
),

-- the same again, of which only days are read: the history is large
dated as (
    select
        prediction,
        model_id,
        score_date
    from {{ ref('customer_score_history') }}
    where replaced_by_run_id is null
),

champions as (
    select * from {{ ref('champions') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

first_days as (
    select
        dated.prediction,
        dated.model_id,
        min(dated.score_date) as baseline_date
    from dated
    inner join champions
        on
            dated.prediction = champions.prediction
            and dated.model_id = champions.model_id
    inner join today
        on dated.score_date <= today.as_of_date
    group by
        dated.prediction,
        dated.model_id
),

counted as (
    select
        first_days.prediction,
        first_days.baseline_date,
        history.score,
        sum(case when history.score_date = today.as_of_date then 1 else 0 end) as scores_now,
        sum(case when history.score_date = first_days.baseline_date then 1 else 0 end) as scores_before
    from history
    cross join today
    inner join first_days
        on
            history.prediction = first_days.prediction
            and history.score_date in (first_days.baseline_date, today.as_of_date)
    group by
        first_days.prediction,
        first_days.baseline_date,
        history.score
),

placed as (
    select
        *,
        sum(scores_now) over (partition by prediction) as total_now,
        sum(scores_before) over (partition by prediction) as total_before,
        sum(scores_before) over (partition by prediction order by score rows unbounded preceding)
        - scores_before as scores_below
    from counted
),

compared as (
    select
        *,
        -- a score above all of that day's is in the last one
        cast(
            case
                when scores_below >= total_before then 19
                else floor(cast(20 * scores_below as {{ column_type('number') }}) / total_before)
            end as {{ column_type('integer') }}
        ) as bin,
        {{ kolmogorov_smirnov_at('scores_now', 'scores_before', 'total_now', 'total_before', 'prediction', 'score') }}
            as distance
    from placed
    where
        total_now >= 500
        and total_before >= 500
),

final as (
    select
        prediction,
        bin,
        max(baseline_date) as baseline_date,
        max(score) as score_up_to,
        cast(sum(scores_now) as {{ column_type('count') }}) as scores_now,
        cast(sum(scores_before) as {{ column_type('count') }}) as scores_before,
        max(distance) as distance
    from compared
    group by
        prediction,
        bin
)

select * from final
