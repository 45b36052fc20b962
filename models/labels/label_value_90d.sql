-- One row per (customer_id, as_of_date): what was bought for within the horizon.
-- Only days whose horizon has passed: what follows an open one is not known yet.

{{ config(materialized='view') }}

with

final as (
    {{ revenue_labels('value_90d') }}
)

select * from final
