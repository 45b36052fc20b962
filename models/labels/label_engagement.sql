-- One row per (customer_id, as_of_date, horizon_days, channel) of those whom we reached there within the horizon.
-- 1 when they did something on that channel on the day they were first reached or later. Who was sent
-- nothing has no row: silence would say nothing of them.

with

asked_days as (
    select * from {{ ref('label_days') }}
),

windows as (
    select * from {{ ref('label_windows') }}
    where horizon_days in ({{ horizons_of('engagement') | join(', ') }})
),

days as (
    select * from {{ ref('timeline_days') }}
),

event_types as (
    select * from {{ ref('event_types') }}
),

touches as (
    select days.*
    from days
    inner join event_types
        on days.event_type = event_types.event_type
    where
        event_types.is_touch
        and days.channel in (
            {%- for channel in var('feature_message_channels') %}
            '{{ channel }}'
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        )
),

reached as (
    select
        touches.customer_id,
        touches.channel,
        windows.as_of_date,
        windows.horizon_days,
        windows.last_date,
        min(touches.event_date) as first_reached_date,
        sum(touches.events_count) as touches_count
    from touches
    inner join windows
        on
            touches.event_date > windows.as_of_date
            and touches.event_date <= windows.last_date
    group by
        touches.customer_id,
        touches.channel,
        windows.as_of_date,
        windows.horizon_days,
        windows.last_date
),

-- a call of ours is a touch, not an answer to itself
answers as (
    select
        days.customer_id,
        days.channel,
        days.event_date,
        event_types.is_engagement and not event_types.is_touch as is_engagement,
        event_types.is_revenue
    from days
    inner join event_types
        on days.event_type = event_types.event_type
    where
        event_types.is_engagement
        or event_types.is_revenue
),

answered as (
    select
        reached.customer_id,
        reached.channel,
        reached.as_of_date,
        reached.horizon_days,
        max(case when answers.is_engagement and answers.channel = reached.channel then 1 else 0 end) as label,
        max(case when answers.is_revenue then 1 else 0 end) as purchase_label
    from reached
    inner join answers
        on
            reached.customer_id = answers.customer_id
            and reached.first_reached_date <= answers.event_date
            and reached.last_date >= answers.event_date
    group by
        reached.customer_id,
        reached.channel,
        reached.as_of_date,
        reached.horizon_days
),

final as (
    select
        reached.customer_id,
        reached.as_of_date,
        reached.horizon_days,
        reached.channel,
        cast(reached.touches_count as {{ column_type('count') }}) as touches_count,
        coalesce(answered.label, 0) as label,
        coalesce(answered.purchase_label, 0) as purchase_label
    from reached
    inner join asked_days
        on
            reached.customer_id = asked_days.customer_id
            and reached.as_of_date = asked_days.as_of_date
    left join answered
        on
            reached.customer_id = answered.customer_id
            and reached.channel = answered.channel
            and reached.as_of_date = answered.as_of_date
            and reached.horizon_days = answered.horizon_days
)

select * from final
