-- One row per (customer_id, as_of_date) and week with a purchase, 104 weeks back; week 0 is the last seven days.
-- Counted back from as_of_date and not by the calendar, so that the newest week is a whole one. Where
-- feature_sequences has arrays, weeks with any engagement stand here too; elsewhere they'd be most rows.

{% set age_days = dbt.datediff('days.event_date', 'snapshots.as_of_date', 'day') %}
{% set has_arrays = 'true' if var('sequences_at_past_snapshots') else 'snapshots.is_current' %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

days as (
    select * from {{ ref('timeline_customer_days') }}
    where
        purchases_count > 0
        or engagements_count > 0
),

known_days as (
    select
        days.customer_id,
        days.purchase_days_count,
        days.purchases_count,
        days.revenue_amount,
        case when {{ has_arrays }} then days.engagements_count end as engagements_count,
        snapshots.as_of_date,
        cast(floor({{ age_days }} / 7.0) as {{ column_type('integer') }}) as weeks_back
    from days
    inner join snapshots
        on
            days.known_date <= snapshots.as_of_date
            and days.event_date > {{ dbt.dateadd('day', -728, 'snapshots.as_of_date') }}
            and (days.purchases_count > 0 or {{ has_arrays }})
),

final as (
    select
        customer_id,
        as_of_date,
        weeks_back,
        cast(sum(purchase_days_count) as {{ column_type('integer') }}) as days_count,
        cast(sum(purchases_count) as {{ column_type('integer') }}) as purchases_count,
        cast(sum(revenue_amount) as {{ column_type('amount') }}) as revenue_amount,
        cast(sum(engagements_count) as {{ column_type('integer') }}) as engagements_count
    from known_days
    group by customer_id, as_of_date, weeks_back
)

select * from final
