-- One row per (customer_id, as_of_date, horizon_days) of open leads: 1 when they bought within the horizon, else 0.
-- An open lead had left their contact by as_of_date, as was known then, and had never bought by then, as
-- is known now: who had already bought unseen can't convert any more.

with

windows as (
    select * from {{ ref('label_windows') }}
    where horizon_days in ({{ var('label_horizons')['lead_conversion'] | join(', ') }})
),

days as (
    select * from {{ ref('timeline_days') }}
),

purchase_days as (
    select * from {{ ref('timeline_purchase_days') }}
),

leads as (
    select
        customer_id,
        min(known_date) as lead_known_date
    from days
    where event_type = 'lead_created'
    group by customer_id
),

first_purchases as (
    select
        customer_id,
        min(event_date) as first_purchase_date
    from purchase_days
    group by customer_id
),

final as (
    select
        leads.customer_id,
        windows.as_of_date,
        windows.horizon_days,
        case when first_purchases.first_purchase_date <= windows.last_date then 1 else 0 end as label
    from leads
    inner join windows
        on leads.lead_known_date <= windows.as_of_date
    left join first_purchases
        on leads.customer_id = first_purchases.customer_id
    where
        first_purchases.first_purchase_date is null
        or first_purchases.first_purchase_date > windows.as_of_date
)

select * from final
