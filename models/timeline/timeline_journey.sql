-- One row per customer and stretch of days in one stage of the journey, by what was known on each day.
-- A stage changes with an event or when one is too long ago, so stretches are few where days are many.

with

days as (
    select * from {{ ref('timeline_journey_days') }}
),

-- what was known by the end of the day
standing as (
    select
        customer_id,
        journey_date,
        max(purchase_date) over (
            partition by customer_id order by journey_date rows between unbounded preceding and current row
        ) as last_purchase_date,
        max(engagement_date) over (
            partition by customer_id order by journey_date rows between unbounded preceding and current row
        ) as last_engagement_date,
        sum(purchase_days_change) over (
            partition by customer_id order by journey_date rows between unbounded preceding and current row
        ) as purchase_days_count,
        sum(counted_days_change) over (
            partition by customer_id order by journey_date rows between unbounded preceding and current row
        ) as counted_days_count
    from days
),

aged as (
    select
        *,
        {{ dbt.datediff('last_purchase_date', 'journey_date', 'day') }} as days_since_purchase,
        {{ dbt.datediff('last_engagement_date', 'journey_date', 'day') }} as days_since_engagement
    from standing
),

staged as (
    select
        customer_id,
        journey_date,
        case
            when purchase_days_count = 0 and days_since_engagement < {{ journey_setting('considering_days') }}
                then 'considering'
            when purchase_days_count = 0 then 'aware'
            when days_since_purchase >= {{ journey_setting('at_risk_days') }} then 'lapsed'
            when purchase_days_count = 1 and days_since_purchase >= {{ journey_setting('first_purchase_days') }}
                then 'at_risk'
            when purchase_days_count = 1 then 'first_purchase'
            when days_since_purchase >= {{ journey_setting('active_days') }} then 'at_risk'
            when counted_days_count >= {{ journey_setting('loyal_purchase_days') }} then 'loyal'
            else 'active'
        end as journey_stage
    from aged
),

compared as (
    select
        *,
        lag(journey_stage) over (partition by customer_id order by journey_date) as previous_stage
    from staged
),

final as (
    select
        customer_id,
        journey_stage,
        previous_stage,
        journey_date as valid_from,
        lead(journey_date) over (partition by customer_id order by journey_date) as valid_to
    from compared
    where
        previous_stage is null
        or journey_stage <> previous_stage
)

select * from final
