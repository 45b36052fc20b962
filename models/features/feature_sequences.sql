-- One row per (customer_id, as_of_date): the 104 weeks up to it as arrays, week 0 (the last seven days) first.
-- For the current day; for past ones too with the var sequences_at_past_snapshots, which takes much room.

{% set weeks = 104 %}
{% set sequences = {
    'purchases_count': 'integer', 'revenue_amount': 'amount', 'engagements_count': 'integer',
} %}
{% set age_days = dbt.datediff('days.event_date', 'snapshots.as_of_date', 'day') %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
    where is_current or {{ 'true' if var('sequences_at_past_snapshots') else 'false' }}
),

days as (
    select * from {{ ref('timeline_customer_days') }}
    where purchases_count + engagements_count > 0
),

known_days as (
    select
        days.*,
        snapshots.as_of_date,
        cast(floor({{ age_days }} / 7.0) as {{ column_type('integer') }}) as weeks_back
    from days
    inner join snapshots
        on
            days.known_date <= snapshots.as_of_date
            and days.event_date > {{ dbt.dateadd('day', -7 * weeks, 'snapshots.as_of_date') }}
),

-- narrow types, as there are hundreds of columns to come
weekly as (
    select
        customer_id,
        as_of_date,
        weeks_back,
        {%- for name, type in sequences.items() %}
        cast(sum({{ name }}) as {{ column_type(type) }}) as {{ name }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from known_days
    group by customer_id, as_of_date, weeks_back
),

-- each week has one row, which max finds in half the time that a sum takes
by_week as (
    select
        customer_id,
        as_of_date,
        {%- for name in sequences %}
        {%- set last_name = loop.last %}
        {%- for week in range(weeks) %}
        max(case when weeks_back = {{ week }} then {{ name }} end) as {{ name }}_{{ week }}
        {%- if not (loop.last and last_name) %},{% endif %}
        {%- endfor %}
        {%- endfor %}
    from weekly
    group by customer_id, as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        {%- for name in sequences %}
        {%- set values = [] %}
        {%- for week in range(weeks) %}
        {%- do values.append('coalesce(' ~ name ~ '_' ~ week ~ ', 0)') %}
        {%- endfor %}
        {{ array_of(values) }} as weekly_{{ name }}s
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from by_week
)

select * from final
