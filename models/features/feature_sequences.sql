-- One row per (customer_id, as_of_date): the 104 weeks up to it as arrays, week 0 (the last seven days) first.
-- For the current day; for past ones too with the var sequences_at_past_snapshots, which takes much room.

{% set weeks = 104 %}
{% set counts, amounts = [], [] %}
{% for week in range(weeks) %}
{% do counts.append('count_' ~ week) %}
{% do amounts.append('amount_' ~ week) %}
{% endfor %}

with

weekly as (
    select * from {{ ref('feature_weeks') }}
),

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
    where is_current or {{ 'true' if var('sequences_at_past_snapshots') else 'false' }}
),

by_week as (
    select
        weekly.customer_id,
        weekly.as_of_date,
        {%- for week in range(weeks) %}
        sum(case when weekly.weeks_back = {{ week }} then weekly.purchases_count else 0 end) as count_{{ week }},
        sum(case when weekly.weeks_back = {{ week }} then weekly.revenue_amount else 0 end) as amount_{{ week }}
        {%- if not loop.last %},{% endif %}
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
        {{ array_of(counts) }} as weekly_purchases_counts,
        {{ array_of(amounts) }} as weekly_revenue_amounts
    from by_week
)

select * from final
