-- One row per (customer_id, as_of_date): what we sent in a year, what came of it, how tired the person may be.
-- The var feature_message_channels says which channels have features of their own.

{% set kinds = {
    'message_sent': 'sent', 'message_opened': 'opened', 'message_clicked': 'clicked',
    'message_bounced': 'bounced', 'unsubscribed': 'unsubscribed',
} %}
{% set counted = ['sent', 'opened', 'clicked'] %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

days as (
    select * from {{ ref('timeline_days') }}
    where event_type in ('{{ kinds | join("', '") }}')
),

known_days as (
    select
        days.customer_id,
        days.channel,
        snapshots.as_of_date,
        {%- for event_type, name in kinds.items() %}
        case when days.event_type = '{{ event_type }}' then days.events_count else 0 end as {{ name }}_count,
        {%- endfor %}
        {{ dbt.datediff('days.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from days
    inner join snapshots
        on
            days.known_date <= snapshots.as_of_date
            and days.event_date > {{ dbt.dateadd('day', -365, 'snapshots.as_of_date') }}
),

answers as (
    select
        customer_id,
        as_of_date,
        min(age_days) as days_since_answer
    from known_days
    where opened_count + clicked_count > 0
    group by customer_id, as_of_date
),

answered as (
    select
        known_days.*,
        coalesce(answers.days_since_answer, 365) as days_since_answer
    from known_days
    left join answers
        on
            known_days.customer_id = answers.customer_id
            and known_days.as_of_date = answers.as_of_date
),

sums as (
    select
        customer_id,
        as_of_date,
        {%- for name in counted %}
        {%- for days in [7, 30, 90, 365] %}
        {{ window_sum(name ~ '_count', days) }} as messages_{{ name }}_count_{{ days }}d,
        {%- endfor %}
        min(case when {{ name }}_count > 0 then age_days end) as days_since_message_{{ name }},
        {%- for channel in var('feature_message_channels') %}
        sum(case when channel = '{{ channel }}' then {{ name }}_count else 0 end)
            as {{ channel }}_{{ name }}_count_365d,
        {%- endfor %}
        {%- endfor %}
        {%- for channel in var('feature_message_channels') %}
        max(case when channel = '{{ channel }}' and unsubscribed_count > 0 then 1 else 0 end)
            as has_unsubscribed_{{ channel }}_365d,
        {%- endfor %}
        sum(bounced_count) as messages_bounced_count_365d,
        sum(case when age_days < days_since_answer then sent_count else 0 end) as messages_unanswered_count
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
