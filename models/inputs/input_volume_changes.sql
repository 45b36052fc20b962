-- One row per source and input: its volume and value against the last good run's.
-- Only days that both runs hold are compared, so that standing at an earlier day is no fault.

with

volumes as (
    select * from {{ ref('input_volumes') }}
),

days as (
    select
        max(case when replaced_by_run_id is null then as_of_date end) as this_day,
        max(case when replaced_by_run_id is not null then as_of_date end) as last_good_day
    from volumes
),

-- the last day that both runs hold whole; no row without a good run before this one
compared as (
    select
        this_day,
        last_good_day,
        case when this_day < last_good_day then this_day else last_good_day end as last_day
    from days
    where
        last_good_day is not null
        and {{ 'false' if var('new_baseline') else 'true' }}
),

common as (
    select
        volumes.source_name,
        volumes.input_name,
        sum(case when volumes.replaced_by_run_id is null then volumes.rows_count else 0 end) as rows_now,
        sum(case when volumes.replaced_by_run_id is not null then volumes.rows_count else 0 end) as rows_before,
        sum(case when volumes.replaced_by_run_id is null then volumes.amounts_count else 0 end) as amounts_now,
        sum(case when volumes.replaced_by_run_id is not null then volumes.amounts_count else 0 end) as amounts_before,
        sum(case when volumes.replaced_by_run_id is null then volumes.total_amount else 0 end) as total_now,
        sum(case when volumes.replaced_by_run_id is not null then volumes.total_amount else 0 end) as total_before
    from volumes
    inner join compared
        on volumes.row_date is null or volumes.row_date <= compared.last_day
    group by
        volumes.source_name,
        volumes.input_name
),

fed as (
    {{ fed_inputs() }}
),

final as (
    select
        fed.source_name,
        fed.input_name,
        compared.last_good_day,
        compared.last_day as compared_until,
        common.rows_before,
        -- a profile that was updated since is not read when standing at an earlier day
        case
            when fed.input_name <> 'profiles' or compared.this_day >= compared.last_good_day
                then cast(common.rows_now as {{ column_type('number') }}) / nullif(common.rows_before, 0)
        end as volume_ratio,
        (cast(common.total_now as {{ column_type('number') }}) / nullif(common.amounts_now, 0))
        / nullif(cast(common.total_before as {{ column_type('number') }}) / nullif(common.amounts_before, 0), 0)
            as mean_amount_ratio
    from fed
    left join common
        on
            fed.source_name = common.source_name
            and fed.input_name = common.input_name
    left join compared
        on common.source_name is not null
)

select * from final
