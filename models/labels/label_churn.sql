-- One row per (customer_id, as_of_date): 1 when no purchase followed within the horizon, else 0.
-- Only days whose horizon has passed: what follows an open one is not known yet.

{% set horizon_days = var('predictions')['churn']['horizon_days'] %}

with

next_purchases as (
    select * from {{ ref('label_next_purchase') }}
),

final as (
    select
        customer_id,
        as_of_date,
        case when days_to_next_purchase <= {{ horizon_days }} then 0 else 1 end as label
    from next_purchases
    where known_days >= {{ horizon_days }}
)

select * from final
