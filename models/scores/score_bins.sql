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
        history.run_id = '{{ invocation_id }}' as is_of_this_run
    from history
    inner join today
        on
            history.score_date <= today.as_of_date
            and history.score_date >= {{ dbt.dateadd('day', -31, 'today.as_of_date') }}
),

last_dates as (
    select
        prediction,
        max(score_date) as last_score_date
    from binned
    where
        not is_of_this_run
        and {{ 'false' if var('new_baseline') else 'true' }}
    group by prediction
),

final as (
    select
        binned.prediction,
        binned.bin,
        max(last_dates.last_score_date) as last_score_date,
        sum(case when binned.is_of_this_run then 1 else 0 end) as scores_now,
        sum(case when binned.is_of_this_run then 0 else 1 end) as scores_before
    from binned
    left join last_dates
        on binned.prediction = last_dates.prediction
    where
        binned.is_of_this_run
        or binned.score_date = last_dates.last_score_date
    group by
        binned.prediction,
        binned.bin
)

select * from final
