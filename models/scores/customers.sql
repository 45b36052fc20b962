-- One row per customer: values, scores and segment of RFMT, lifecycle status, value tier and journey stage.
-- No direct identifiers: names and addresses stay in customer_profiles.
-- depends_on: {{ ref('gate_features') }}

with

identity_map as (
    select * from {{ ref('identity_map') }}
    where valid_to is null
),

records as (
    select * from {{ ref('identity_records') }}
),

profiles as (
    select * from {{ ref('customer_profiles') }}
),

rfmt as (
    select * from {{ ref('customer_rfmt') }}
),

lifecycle as (
    select * from {{ ref('customer_lifecycle') }}
),

journey as (
    select * from {{ ref('timeline_journey') }}
    where valid_to is null
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

-- of records that the inputs hold: the map also remembers those that vanished
customers as (
    select
        identity_map.customer_id,
        count(*) as source_records_count
    from identity_map
    inner join records
        on
            identity_map.source_name = records.source_name
            and identity_map.source_record_id = records.source_record_id
    where {{ in_sample('identity_map.customer_id') }}
    group by identity_map.customer_id
),

final as (
    select
        customers.customer_id,
        today.as_of_date,
        customers.source_records_count,
        profiles.country,
        rfmt.customer_id is not null as has_purchased,
        cast(rfmt.days_since_last_purchase as {{ column_type('integer') }}) as days_since_last_purchase,
        cast(coalesce(rfmt.purchases_count, 0) as {{ column_type('count') }}) as purchases_count,
        cast(coalesce(rfmt.revenue_amount, 0) as {{ column_type('amount') }}) as revenue_amount,
        cast(rfmt.days_since_first_purchase as {{ column_type('integer') }}) as days_since_first_purchase,
        cast(rfmt.recency_score as {{ column_type('integer') }}) as recency_score,
        cast(rfmt.frequency_score as {{ column_type('integer') }}) as frequency_score,
        cast(rfmt.monetary_score as {{ column_type('integer') }}) as monetary_score,
        cast(rfmt.tenure_score as {{ column_type('integer') }}) as tenure_score,
        rfmt.rfm_segment,
        rfmt.value_tier,
        lifecycle.lifecycle_status,
        journey.journey_stage,
        journey.valid_from as journey_stage_since
    from customers
    cross join today
    left join profiles
        on customers.customer_id = profiles.customer_id
    left join rfmt
        on customers.customer_id = rfmt.customer_id
    left join lifecycle
        on customers.customer_id = lifecycle.customer_id
    left join journey
        on customers.customer_id = journey.customer_id
)

select * from final
