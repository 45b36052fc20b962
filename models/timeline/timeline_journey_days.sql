-- One row per customer and day on which the journey stage may change: events became known, or are as many days
-- ago as the var journey allows. A view, read once by timeline_journey.

{{ config(materialized='view') }}

{% set loyal_until = dbt.dateadd('day', journey_setting('loyal_within_days'), 'event_date') %}
{% set considering_until = dbt.dateadd('day', journey_setting('considering_days'), 'engagement_date') %}

with

days as (
    select * from {{ ref('timeline_days') }}
),

event_types as (
    select * from {{ ref('event_types') }}
),

purchase_days as (
    select * from {{ ref('timeline_purchase_days') }}
),

limits as (
    select * from {{ ref('timeline_journey_limits') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

first_purchases as (
    select
        customer_id,
        min(known_date) as known_date
    from purchase_days
    group by customer_id
),

-- what was known before a purchase was; of what became known on one day the last that the person did
other_days as (
    select
        days.customer_id,
        days.known_date,
        max(case when event_types.is_engagement then days.event_date end) as engagement_date
    from days
    inner join event_types
        on days.event_type = event_types.event_type
    left join first_purchases
        on days.customer_id = first_purchases.customer_id
    where
        not event_types.is_revenue
        and days.known_date < coalesce(first_purchases.known_date, cast('9999-12-31' as date))
    group by
        days.customer_id,
        days.known_date
),

all_changes as (
    select
        customer_id,
        known_date as journey_date,
        event_date as purchase_date,
        cast(null as {{ column_type('date') }}) as engagement_date,
        1 as purchase_days_change,
        case when known_date < {{ loyal_until }} then 1 else 0 end as counted_days_change
    from purchase_days

    union all

    select
        customer_id,
        limit_date as journey_date,
        cast(null as {{ column_type('date') }}) as purchase_date,
        cast(null as {{ column_type('date') }}) as engagement_date,
        0 as purchase_days_change,
        case when limit_name = 'loyal_within_days' then -1 else 0 end as counted_days_change
    from limits

    union all

    select
        customer_id,
        known_date as journey_date,
        cast(null as {{ column_type('date') }}) as purchase_date,
        engagement_date,
        0 as purchase_days_change,
        0 as counted_days_change
    from other_days

    union all

    select
        customer_id,
        cast({{ considering_until }} as date) as journey_date,
        cast(null as {{ column_type('date') }}) as purchase_date,
        cast(null as {{ column_type('date') }}) as engagement_date,
        0 as purchase_days_change,
        0 as counted_days_change
    from other_days
    where known_date < {{ considering_until }}
),

final as (
    select
        all_changes.customer_id,
        all_changes.journey_date,
        max(all_changes.purchase_date) as purchase_date,
        max(all_changes.engagement_date) as engagement_date,
        sum(all_changes.purchase_days_change) as purchase_days_change,
        sum(all_changes.counted_days_change) as counted_days_change
    from all_changes
    inner join today
        on all_changes.journey_date <= today.as_of_date
    group by
        all_changes.customer_id,
        all_changes.journey_date
)

select * from final
