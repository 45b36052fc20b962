-- One row per (customer_id, as_of_date): the gaps between the days with a purchase.
-- Empty where fewer than two such days are known: a single purchase has no rhythm.

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

days as (
    select * from {{ ref('timeline_customer_days') }}
    where purchase_days_count > 0
),

purchase_days as (
    select
        days.customer_id,
        snapshots.as_of_date,
        days.event_date
    from days
    inner join snapshots
        on days.known_date <= snapshots.as_of_date
),

dated_back as (
    select
        *,
        lag(event_date) over (partition by customer_id, as_of_date order by event_date) as previous_date,
        row_number() over (partition by customer_id, as_of_date order by event_date desc) as days_back
    from purchase_days
),

gaps as (
    select
        customer_id,
        as_of_date,
        days_back,
        {{ dbt.datediff('previous_date', 'event_date', 'day') }} as gap_days,
        {{ dbt.datediff('event_date', 'as_of_date', 'day') }} as age_days
    from dated_back
    where previous_date is not null
),

sums as (
    select
        customer_id,
        as_of_date,
        count(*) as gaps_count,
        sum(gap_days) as gap_days_sum,
        sum(gap_days * gap_days) as gap_days_square_sum,
        max(gap_days) as longest_gap_days,
        max(case when days_back = 1 then gap_days end) as last_gap_days,
        min(age_days) as days_since_last_purchase
    from gaps
    group by customer_id, as_of_date
),

-- the deviation comes from exact integer sums, so that it is the same on any number of threads
measured as (
    select
        *,
        gap_days_sum / cast(gaps_count as double) as mean_gap_days,
        sqrt(
            (gaps_count * gap_days_square_sum - gap_days_sum * gap_days_sum)
            / cast(gaps_count * gaps_count as double)
        ) as gap_days_deviation
    from sums
),

final as (
    select
        customer_id,
        as_of_date,
        mean_gap_days,
        gap_days_deviation,
        longest_gap_days,
        last_gap_days,
        {{ share('days_since_last_purchase * gaps_count', 'gap_days_sum', 50) }} as last_purchase_over_mean_gap,
        {{ share('last_gap_days * gaps_count', 'gap_days_sum', 50) }} as last_gap_over_mean_gap,
        {{ share('gap_days_deviation', 'mean_gap_days') }} as gap_variation
    from measured
)

select * from final
