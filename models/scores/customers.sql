-- One row per customer: recency, frequency, monetary value and tenure, their scores and the segment.
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

features as (
    select * from {{ ref('customer_features') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

segments as (
    select * from {{ ref('rfm_segments') }}
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

-- how far up each buyer stands, 0 to 1, on four counts; equal values stand equally far
ranked as (
    select
        features.*,
        percent_rank() over (order by features.days_since_last_purchase desc) as recency_rank,
        percent_rank() over (order by features.purchases_count) as frequency_rank,
        percent_rank() over (order by features.revenue_amount) as monetary_rank,
        percent_rank() over (order by features.days_since_first_purchase) as tenure_rank
    from features
    inner join today
        on features.as_of_date = today.as_of_date
    where features.purchases_count > 0
),

buyers as (
    select
        *,
        case when recency_rank = 1 then 5 else 1 + floor(5 * recency_rank) end as recency_score,
        case when frequency_rank = 1 then 5 else 1 + floor(5 * frequency_rank) end as frequency_score,
        case when monetary_rank = 1 then 5 else 1 + floor(5 * monetary_rank) end as monetary_score,
        case when tenure_rank = 1 then 5 else 1 + floor(5 * tenure_rank) end as tenure_score
    from ranked
),

segmented as (
    select
        buyers.*,
        segments.rfm_segment
    from buyers
    left join segments
        on
            buyers.recency_score = segments.recency_score
            and floor((buyers.frequency_score + buyers.monetary_score + 1) / 2) = segments.frequency_monetary_score
),

final as (
    select
        customers.customer_id,
        today.as_of_date,
        customers.source_records_count,
        profiles.country,
        segmented.customer_id is not null as has_purchased,
        cast(segmented.days_since_last_purchase as {{ column_type('integer') }}) as days_since_last_purchase,
        cast(coalesce(segmented.purchases_count, 0) as {{ column_type('count') }}) as purchases_count,
        cast(coalesce(segmented.revenue_amount, 0) as {{ column_type('amount') }}) as revenue_amount,
        cast(segmented.days_since_first_purchase as {{ column_type('integer') }}) as days_since_first_purchase,
        cast(segmented.recency_score as {{ column_type('integer') }}) as recency_score,
        cast(segmented.frequency_score as {{ column_type('integer') }}) as frequency_score,
        cast(segmented.monetary_score as {{ column_type('integer') }}) as monetary_score,
        cast(segmented.tenure_score as {{ column_type('integer') }}) as tenure_score,
        segmented.rfm_segment
    from customers
    cross join today
    left join profiles
        on customers.customer_id = profiles.customer_id
    left join segmented
        on customers.customer_id = segmented.customer_id
)

select * from final
