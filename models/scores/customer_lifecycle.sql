-- One row per customer who bought: how likely they come back, in words.
-- Who bought several times is judged by churn_score; who bought once by the days since, for there is no rhythm yet.
-- depends_on: {{ ref('gate_features') }}

{% set limits = lifecycle_thresholds() %}

with

features as (
    select * from {{ ref('customer_features') }}
),

scores as (
    select * from {{ ref('customer_scores') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

buyers as (
    select
        customer_id,
        as_of_date,
        purchases_count,
        days_since_last_purchase,
        ({{ var('predictions')['churn']['population'] }}) as is_in_population
    from features
    where purchases_count > 0
),

judged as (
    select
        buyers.customer_id,
        buyers.purchases_count,
        buyers.days_since_last_purchase,
        buyers.is_in_population,
        -- rounded, so that a limit is reached by 1 - 0.8 as by 0.2
        round(1 - scores.churn_score, 9) as return_probability
    from buyers
    inner join today
        on buyers.as_of_date = today.as_of_date
    left join scores
        on buyers.customer_id = scores.customer_id
),

final as (
    select
        customer_id,
        case when purchases_count > 1 then return_probability end as return_probability,
        case
            {%- for status, days_count in limits['days_since_only_purchase'].items() %}
            when purchases_count = 1 and days_since_last_purchase < {{ days_count }} then '{{ status }}'
            {%- endfor %}
            when purchases_count = 1 then 'lost'
            when not coalesce(is_in_population, false) then 'lost'
            when return_probability > {{ limits['return_probability']['active'] }} then 'active'
            {%- for status in ['cooling_down', 'at_risk', 'highly_at_risk'] %}
            when return_probability >= {{ limits['return_probability'][status] }} then '{{ status }}'
            {%- endfor %}
            when return_probability is not null then 'lost'
        end as lifecycle_status
    from judged
)

select * from final
