-- One row per (customer_id, as_of_date): how many records and sources the known events of a customer come from.
-- A record counts from the day on which an event of it was known to be the customer's, as events do.

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

records as (
    select * from {{ ref('timeline_records') }}
),

known_records as (
    select
        records.customer_id,
        records.source_name,
        snapshots.as_of_date,
        {{ dbt.datediff('records.first_known_date', 'snapshots.as_of_date', 'day') }} as age_days
    from records
    inner join snapshots
        on records.first_known_date <= snapshots.as_of_date
),

by_source as (
    select
        customer_id,
        as_of_date,
        source_name,
        count(*) as records_count,
        sum(case when age_days < 90 then 1 else 0 end) as new_records_count,
        min(age_days) as age_days
    from known_records
    group by customer_id, as_of_date, source_name
),

final as (
    select
        customer_id,
        as_of_date,
        cast(sum(records_count) as {{ column_type('integer') }}) as records_count,
        cast(count(*) as {{ column_type('integer') }}) as sources_count,
        cast(sum(new_records_count) as {{ column_type('integer') }}) as new_records_count_90d,
        min(age_days) as days_since_new_record
    from by_source
    group by customer_id, as_of_date
)

select * from final
