-- One row per customer, purchase day and limit of the var journey: the day on which the purchase is that long ago.
-- Limits that change no stage are left out, which spares timeline_journey most of its work.

{{ config(materialized='view') }}

{% set names = ['first_purchase_days', 'active_days', 'at_risk_days', 'loyal_within_days'] %}

with

purchase_days as (
    select * from {{ ref('timeline_purchase_days') }}
),

limits as (
    {%- for name in names %}
    select
        '{{ name }}' as limit_name,
        {{ journey_setting(name) }} as limit_days
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor %}
),

dated as (
    select
        purchase_days.customer_id,
        purchase_days.event_date,
        purchase_days.known_date,
        purchase_days.next_known_date,
        limits.limit_name,
        cast({{ dbt.dateadd('day', 'limits.limit_days', 'purchase_days.event_date') }} as date) as limit_date
    from purchase_days
    cross join limits
),

-- loyalty counts every purchase; all else depends on the last one that is known
final as (
    select
        customer_id,
        event_date,
        limit_name,
        limit_date
    from dated
    where
        limit_date > known_date
        and (
            limit_name = 'loyal_within_days'
            or next_known_date is null
            or next_known_date > limit_date
        )
)

select * from final
