-- One row per past day that labels are asked of and horizon whose window, (as_of_date, last_date], has passed.
-- The one place that says what may be learnt from: every label joins it, and an open window has no row.

with

asked_days as (
    select distinct as_of_date
    from {{ ref('label_days') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

horizons as (
    {%- for days in label_horizons() %}
    select {{ days }} as horizon_days
    {%- if not loop.last %} union all{% endif %}
    {%- endfor %}
),

dated as (
    select
        asked_days.as_of_date,
        horizons.horizon_days,
        cast({{ dbt.dateadd('day', 'horizons.horizon_days', 'asked_days.as_of_date') }} as date) as last_date
    from asked_days
    cross join horizons
),

final as (
    select
        dated.as_of_date,
        dated.horizon_days,
        dated.last_date
    from dated
    inner join today
        on dated.last_date <= today.as_of_date
)

select * from final
