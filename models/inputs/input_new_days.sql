-- One row per source and day of events, among the last seven, that the last good run didn't hold.
-- Each is held against the same weekday of the four weeks before it: half a file shows, a quiet Sunday doesn't.
-- What belongs to campaigns is left out: it comes when we send, not when people come.

with

volumes as (
    select * from {{ ref('input_volumes') }}
    where
        input_name = 'events'
        and not coalesce(belongs_to_campaign, false)
),

this_run as (
    select * from volumes
    where replaced_by_run_id is null
),

last_good_run as (
    select max(as_of_date) as as_of_date
    from volumes
    where
        replaced_by_run_id is not null
        and {{ 'false' if var('new_baseline') else 'true' }}
),

new_days as (
    select this_run.*
    from this_run
    inner join last_good_run
        on
            this_run.row_date > last_good_run.as_of_date
            and this_run.row_date <= this_run.as_of_date
            and this_run.row_date > {{ dbt.dateadd('day', -7, 'this_run.as_of_date') }}
),

same_weekdays as (
    select
        new_days.source_name,
        new_days.row_date,
        cast(sum(earlier.rows_count) as {{ column_type('number') }}) as rows_count,
        sum(earlier.amounts_count) as amounts_count,
        cast(sum(earlier.total_amount) as {{ column_type('number') }}) as total_amount
    from new_days
    inner join this_run as earlier
        on
            new_days.source_name = earlier.source_name
            and {{ dbt.datediff('earlier.row_date', 'new_days.row_date', 'day') }} in (7, 14, 21, 28)
    group by
        new_days.source_name,
        new_days.row_date
),

final as (
    select
        new_days.source_name,
        new_days.row_date,
        new_days.rows_count,
        same_weekdays.rows_count / 4 as expected_rows_count,
        -- a handful of rows swings too much to be held against anything
        case
            when same_weekdays.rows_count >= 200
                then new_days.rows_count / (same_weekdays.rows_count / 4)
        end as volume_ratio,
        case
            when same_weekdays.amounts_count >= 200 and new_days.amounts_count >= 50
                then
                    (cast(new_days.total_amount as {{ column_type('number') }}) / new_days.amounts_count)
                    / nullif(same_weekdays.total_amount / same_weekdays.amounts_count, 0)
        end as mean_amount_ratio
    from new_days
    left join same_weekdays
        on
            new_days.source_name = same_weekdays.source_name
            and new_days.row_date = same_weekdays.row_date
)

select * from final
