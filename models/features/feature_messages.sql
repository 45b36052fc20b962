-- One row per (customer_id, as_of_date): what we sent in a year, what came of it, how tired the person may be.
-- The var feature_message_channels says which channels have features of their own.

{% set kinds = {'message_sent': 'sent', 'message_opened': 'opened', 'message_clicked': 'clicked'} %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

days as (
    select * from {{ ref('timeline_days') }}
),

known_days as (
    select
        days.customer_id,
        days.event_type,
        days.channel,
        days.events_count,
        snapshots.as_of_date,
        {{ dbt.datediff('days.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from days
    inner join snapshots
        on
            days.known_date <= snapshots.as_of_date
            and days.event_date > {{ dbt.dateadd('day', -365, 'snapshots.as_of_date') }}
    where days.event_type in ('message_sent', 'message_opened', 'message_clicked', 'message_bounced', 'unsubscribed')
),

answered as (
    select
        *,
        min(case when event_type in ('message_opened', 'message_clicked') then age_days end) over (
            partition by customer_id, as_of_date
        ) as days_since_answer
    from known_days
),

sums as (
    select
        customer_id,
        as_of_date,
        {%- for event_type, name in kinds.items() %}
        {%- for days in [7, 30, 90, 365] %}
        sum(case when event_type = '{{ event_type }}' and age_days < {{ days }} then events_count else 0 end)
            as messages_{{ name }}_count_{{ days }}d,
        {%- endfor %}
        min(case when event_type = '{{ event_type }}' then age_days end) as days_since_message_{{ name }},
        {%- for channel in var('feature_message_channels') %}
        sum(case when event_type = '{{ event_type }}' and channel = '{{ channel }}' then events_count else 0 end)
            as {{ channel }}_{{ name }}_count_365d,
        {%- endfor %}
        {%- endfor %}
        {%- for channel in var('feature_message_channels') %}
        max(case when event_type = 'unsubscribed' and channel = '{{ channel }}' then 1 else 0 end)
            as has_unsubscribed_{{ channel }}_365d,
        {%- endfor %}
        sum(case when event_type = 'message_bounced' then events_count else 0 end) as messages_bounced_count_365d,
        sum(case
            when event_type = 'message_sent' and age_days < coalesce(days_since_answer, 365) then events_count else 0
        end) as messages_unanswered_count
    from answered
    group by customer_id, as_of_date
),

-- pressure is 1 when the last 30 days brought as many messages as the year says
final as (
    select
        *,
        {{ share('messages_opened_count_365d', 'messages_sent_count_365d', 1) }} as open_rate_365d,
        {{ share('messages_opened_count_90d', 'messages_sent_count_90d', 1) }} as open_rate_90d,
        {{ share('messages_clicked_count_365d', 'messages_sent_count_365d', 1) }} as click_rate_365d,
        {{ share('messages_sent_count_30d * 365', '(messages_sent_count_365d * 30)', 13) }} as message_pressure_30d
    from sums
)

select * from final
