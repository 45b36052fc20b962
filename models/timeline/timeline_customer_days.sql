-- One row per customer, day and day it became known: all that the person did, side by side; windows are sums of it.
-- As a day with a purchase, an engagement or browsing a day counts once, in the first row that has one.

{{ config(
    materialized='incremental', incremental_strategy='append', on_schema_change='fail',
    pre_hook="{{ forget_added_up() }}",
) }}

-- depends_on: {{ ref('timeline_changed_events') }}, {{ ref('timeline_kept_tables') }}

{% set sums = {
    'page_views_count': ('page_view', 'events_count', 'integer'),
    'searches_count': ('search', 'events_count', 'integer'),
    'cart_adds_count': ('cart_add', 'events_count', 'integer'),
    'tickets_count': ('support_ticket', 'events_count', 'integer'),
    'purchase_lines_count': ('purchase', 'events_count', 'integer'),
    'units_count': ('purchase', 'units_count', 'amount'),
    'revenue_amount': ('purchase', 'event_amount', 'amount'),
    'discount_amount': ('purchase', 'discount_amount', 'amount'),
    'returns_count': ('return', 'events_count', 'integer'),
    'returns_amount': ('return', 'event_amount', 'amount'),
} %}
{% set kinds = {
    'purchase': 'purchases_count > 0',
    'engaged': 'engagements_count > 0',
    'browsing': 'page_views_count + searches_count + cart_adds_count > 0',
} %}

with

days as (
    select * from {{ ref('timeline_days') }}
    where {{ is_added_up('timeline_days') }}
),

event_types as (
    select * from {{ ref('event_types') }}
),

-- narrow types: windows are hundreds of sums over these columns
events as (
    select
        days.customer_id,
        days.event_date,
        days.known_date,
        {%- for name, (event_type, column, type) in sums.items() %}
        cast(
            sum(case when days.event_type = '{{ event_type }}' then days.{{ column }} else 0 end)
            as {{ column_type(type) }}
        ) as {{ name }},
        {%- endfor %}
        cast(sum(case when event_types.is_engagement then days.events_count else 0 end) as {{ column_type('integer') }})
            as engagements_count,
        cast(
            sum(days.events_print) + sum(case when event_types.is_engagement then 1 else 0 end)
            as {{ column_type('total') }}
        ) as events_print
    from days
    inner join event_types
        on days.event_type = event_types.event_type
    group by days.customer_id, days.event_date, days.known_date
),

order_days as (
    select
        customer_id,
        event_date,
        known_date,
        cast(count(*) as {{ column_type('integer') }}) as purchases_count
    from {{ ref('timeline_orders') }}
    where {{ is_added_up('timeline_orders') }}
    group by customer_id, event_date, known_date
),

customer_days as (
    select
        events.*,
        coalesce(order_days.purchases_count, 0) as purchases_count
    from events
    left join order_days
        on
            events.customer_id = order_days.customer_id
            and events.event_date = order_days.event_date
            and events.known_date = order_days.known_date
),

-- most days are known on the day itself, and have one row
first_known as (
    select
        {%- for kind, did in kinds.items() %}
        min(case when {{ did }} then known_date end) as {{ kind }}_known_date,
        {%- endfor %}
        customer_id,
        event_date
    from customer_days
    group by customer_id, event_date
    having count(*) > 1
),

final as (
    select
        customer_days.*,
        {%- for kind, did in kinds.items() %}
        case
            when {{ did }} and first_known.customer_id is null then 1
            when {{ did }} and customer_days.known_date = first_known.{{ kind }}_known_date then 1
            else 0
        end as {{ kind }}_days_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from customer_days
    left join first_known
        on
            customer_days.customer_id = first_known.customer_id
            and customer_days.event_date = first_known.event_date
)

-- days of a customer side by side: sums take half the time
select * from final
order by customer_id, event_date
