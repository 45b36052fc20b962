-- One row per (customer_id, as_of_date, horizon_days): what was bought for within the horizon, and given back.
-- Revenue is before returns: a label must not fall below zero, and returns of the last orders come later.

with

asked_days as (
    select * from {{ ref('label_days') }}
),

windows as (
    select * from {{ ref('label_windows') }}
    where horizon_days in ({{ horizons_of('revenue') | join(', ') }})
),

days as (
    select * from {{ ref('timeline_days') }}
),

event_types as (
    select * from {{ ref('event_types') }}
),

amounts as (
    select
        days.customer_id,
        days.event_date,
        sum(case when event_types.is_revenue then days.event_amount else 0 end) as revenue_amount,
        sum(case when days.event_type = 'return' then days.event_amount else 0 end) as returned_amount
    from days
    inner join event_types
        on days.event_type = event_types.event_type
    where
        event_types.is_revenue
        or days.event_type = 'return'
    group by
        days.customer_id,
        days.event_date
),

amounts_in_windows as (
    select
        amounts.customer_id,
        windows.as_of_date,
        windows.horizon_days,
        sum(amounts.revenue_amount) as revenue_amount,
        sum(amounts.returned_amount) as returned_amount
    from amounts
    inner join windows
        on
            amounts.event_date > windows.as_of_date
            and amounts.event_date <= windows.last_date
    group by
        amounts.customer_id,
        windows.as_of_date,
        windows.horizon_days
),

final as (
    select
        asked_days.customer_id,
        asked_days.as_of_date,
        windows.horizon_days,
        cast(coalesce(amounts_in_windows.revenue_amount, 0) as {{ column_type('total') }}) as revenue_amount,
        cast(coalesce(amounts_in_windows.returned_amount, 0) as {{ column_type('total') }}) as returned_amount
    from asked_days
    inner join windows
        on asked_days.as_of_date = windows.as_of_date
    left join amounts_in_windows
        on
            asked_days.customer_id = amounts_in_windows.customer_id
            and asked_days.as_of_date = amounts_in_windows.as_of_date
            and windows.horizon_days = amounts_in_windows.horizon_days
)

select * from final
