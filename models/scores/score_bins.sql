-- One row per prediction and part of the range of scores: how many scores lie in it, now and before.
-- Before: the newest scores that another run left, at most 31 days old; those of today that this run replaces count.

with

history as (
    select * from {{ ref('customer_score_history') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

binned as (
    select
        history.prediction,
        history.score_date,
        {{ score_bin('history.score', 'history.prediction') }} as bin,
        history.horizon_days,
        -- a model's score is never just that of the rules
        case when history.score = history.rules_score then 1 else 0 end as is_by_rules,
        history.run_id = '{{ invocation_id }}' as is_of_this_run
    from history
    inner join today
        on
            history.score_date <= today.as_of_date
            and history.score_date >= {{ dbt.dateadd('day', -31, 'today.as_of_date') }}
),

asked_now as (
    select
        prediction,
        max(horizon_days) as horizon_days,
        min(is_by_rules) as is_by_rules
    from binned
    where is_of_this_run
    group by prediction
),

-- scores of another horizon, or of rules where now a model scores, say nothing of these
comparable as (
    select binned.*
    from binned
    left join asked_now
        on binned.prediction = asked_now.prediction
    where
        binned.is_of_this_run
        or asked_now.prediction is null
        or (
            binned.horizon_days is not distinct from asked_now.horizon_days
            and binned.is_by_rules = asked_now.is_by_rules
        )
),

last_dates as (
    select
        prediction,
        max(score_date) as last_score_date
    from comparable
    where
        not is_of_this_run
        and {{ 'false' if var('new_baseline') else 'true' }}
    group by prediction
),

final as (
    select
        comparable.prediction,
        comparable.bin,
        max(last_dates.last_score_date) as last_score_date,
        sum(case when comparable.is_of_this_run then 1 else 0 end) as scores_now,
        sum(case when comparable.is_of_this_run then 0 else 1 end) as scores_before
    from comparable
    left join last_dates
        on comparable.prediction = last_dates.prediction
    where
        comparable.is_of_this_run
        or comparable.score_date = last_dates.last_score_date
    group by
        comparable.prediction,
        comparable.bin
)

select * from final
