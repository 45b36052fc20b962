-- One row per past snapshot and horizon whose window, (as_of_date, last_date], has passed.
-- The one place that says what may be learnt from: every label joins it, and an open window has no row.

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
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
        snapshots.as_of_date,
        horizons.horizon_days,
        cast({{ dbt.dateadd('day', 'horizons.horizon_days', 'snapshots.as_of_date') }} as date) as last_date
    from snapshots
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
