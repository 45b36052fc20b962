-- One row per customer with a score: the latest score of each prediction side by side.
-- Empty where the customer is not in a prediction's population.

{%- set predictions = [
    'churn', 'purchase', 'value_90d', 'value_365d', 'next_purchase',
    'engagement_email', 'engagement_push', 'engagement_sms',
] %}

with

history as (
    select * from {{ ref('customer_score_history') }}
    where replaced_by_run_id is null
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

final as (
    select
        history.customer_id,
        max(history.score_date) as score_date,
        {%- for name in predictions %}
        max(case when history.prediction = '{{ name }}' then history.score end) as {{ name }}_score,
        {%- if name.startswith('value_') %}
        max(case when history.prediction = '{{ name }}' then history.score_lower end) as {{ name }}_lower,
        max(case when history.prediction = '{{ name }}' then history.score_upper end) as {{ name }}_upper,
        {%- endif %}
        {%- if name == 'next_purchase' %}
        max(case when history.prediction = '{{ name }}' then history.median_days end) as {{ name }}_median_days,
        {%- endif %}
        max(case when history.prediction = '{{ name }}' then history.score_percentile end) as {{ name }}_percentile,
        max(case when history.prediction = '{{ name }}' then history.score_decile end) as {{ name }}_decile,
        max(case when history.prediction = '{{ name }}' then history.score_group end) as {{ name }}_group,
        count(case when history.prediction = '{{ name }}' and history.is_exploration then 1 end)
        > 0 as {{ name }}_is_exploration
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from history
    inner join today
        on history.score_date = today.as_of_date
    group by history.customer_id
)

select * from final
