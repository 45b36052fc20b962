-- One row per (customer_id, as_of_date): 1 when a purchase followed within the horizon, else 0.
-- Only days whose horizon has passed: what follows an open one is not known yet.

with

next_purchases as (
    select * from {{ ref('label_next_purchase') }}
),

windows as (
    select * from {{ ref('label_windows') }}
    where horizon_days = {{ horizon_of('purchase') }}
),

final as (
    select
        next_purchases.customer_id,
        next_purchases.as_of_date,
        case when next_purchases.days_to_next_purchase <= windows.horizon_days then 1 else 0 end as label
    from next_purchases
    inner join windows
        on next_purchases.as_of_date = windows.as_of_date
)

select * from final
