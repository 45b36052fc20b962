-- One row per (customer_id, as_of_date): the 104 weeks up to it as arrays, week 0 (the last seven days) first.
-- For the current day; for past ones too with the var sequences_at_past_snapshots, which takes much room.

{% set weeks = 104 %}
{% set sequences = ['purchases_count', 'revenue_amount', 'engagements_count'] %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
    where is_current or {{ 'true' if var('sequences_at_past_snapshots') else 'false' }}
),

weekly as (
    select * from {{ ref('feature_weeks') }}
),

-- each week has one row, which max finds in half the time that a sum takes
by_week as (
    select
        weekly.customer_id,
        weekly.as_of_date,
        {%- for name in sequences %}
        {%- set last_name = loop.last %}
        {%- for week in range(weeks) %}
        max(case when weekly.weeks_back = {{ week }} then weekly.{{ name }} end) as {{ name }}_{{ week }}
        {%- if not (loop.last and last_name) %},{% endif %}
        {%- endfor %}
        {%- endfor %}
    from weekly
    inner join snapshots
        on weekly.as_of_date = snapshots.as_of_date
    group by weekly.customer_id, weekly.as_of_date
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
