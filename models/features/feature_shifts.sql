-- One row per feature: how its distribution over customers moved since the last good run.
-- Null where the two runs stand too far apart, or at too few customers, to be held against each other,
-- and for features of messages: one campaign moves them from a day to the next, as we meant it to.

with

profile as (
    select * from {{ ref('feature_profile') }}
),

bins as (
    select
        feature_name,
        magnitude,
        max(case when replaced_by_run_id is null then as_of_date end) as as_of_date,
        max(case when replaced_by_run_id is not null then as_of_date end) as last_good_date,
        sum(case when replaced_by_run_id is null then customers_count else 0 end) as customers_now,
        sum(case when replaced_by_run_id is not null then customers_count else 0 end) as customers_before
    from profile
    group by
        feature_name,
        magnitude
),

totals as (
    select
        feature_name,
        max(as_of_date) as as_of_date,
        max(last_good_date) as last_good_date,
        count(*) as bins_count,
        sum(customers_now) as total_now,
        sum(customers_before) as total_before,
        sum(case when magnitude = 'missing' then customers_now else 0 end) as missing_count,
        sum(case when magnitude = '0' then customers_now else 0 end) as zeros_count
    from bins
    group by feature_name
),

moved as (
    select
        bins.feature_name,
        {{ population_stability_index(
            'bins.customers_now', 'bins.customers_before', 'totals.total_now', 'totals.total_before', 'totals.bins_count'
        ) }} as shift
    from bins
    inner join totals
        on bins.feature_name = totals.feature_name
    group by bins.feature_name
),

final as (
    select
        totals.feature_name,
        totals.as_of_date,
        totals.last_good_date,
        totals.total_now as customers_count,
        cast(totals.missing_count as {{ column_type('number') }}) / totals.total_now as missing_share,
        cast(totals.zeros_count as {{ column_type('number') }}) / totals.total_now as zeros_share,
        case
            when
                totals.total_now >= 500
                and totals.total_before >= 500
                and abs({{ dbt.datediff('totals.last_good_date', 'totals.as_of_date', 'day') }}) <= 31
                and {{ 'false' if var('new_baseline') else 'true' }}
                -- who is told to stand at a day knows nothing that came after it
                and ({{ 'true' if as_of_date() is none else 'false' }} or totals.last_good_date <= totals.as_of_date)
                and totals.feature_name not in ({{ message_features() }})
                then moved.shift
        end as shift
    from totals
    inner join moved
        on totals.feature_name = moved.feature_name
    where totals.total_now > 0
)

select * from final
