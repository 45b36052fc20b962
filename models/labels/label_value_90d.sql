-- One row per (customer_id, as_of_date): what was bought for within the horizon.
-- Only days whose horizon has passed: what follows an open one is not known yet.

{{ config(materialized='view') }}

with

revenue as (
    select * from {{ ref('label_revenue') }}
    where horizon_days = {{ horizon_of('value_90d') }}
),

final as (
    select
        customer_id,
        as_of_date,
        revenue_amount as label
    from revenue
)

select * from final
