-- One row per customer who bought: recency, frequency, monetary value and tenure, scores, segment and value tier.
-- Scores are fifths of the buyers of the day, or cut by the var rfm_cut_points.
-- depends_on: {{ ref('gate_features') }}

with

features as (
    select * from {{ ref('customer_features') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

segments as (
    select * from {{ ref('rfm_segments') }}
),

buyers as (
    select
        features.customer_id,
        features.days_since_last_purchase,
        features.purchases_count,
        features.revenue_amount,
        features.days_since_first_purchase
    from features
    inner join today
        on features.as_of_date = today.as_of_date
    where features.purchases_count > 0
),

scored as (
    select
        *,
        {{ rfm_score('days_since_last_purchase', 'desc') }} as recency_score,
        {{ rfm_score('purchases_count', 'asc') }} as frequency_score,
        {{ rfm_score('revenue_amount', 'asc') }} as monetary_score,
        {{ rfm_score('days_since_first_purchase', 'asc') }} as tenure_score,
        -- the share of the others that spent more
        percent_rank() over (order by revenue_amount desc) as share_above
    from buyers
),

final as (
    select
        scored.customer_id,
        scored.days_since_last_purchase,
        scored.purchases_count,
        scored.revenue_amount,
        scored.days_since_first_purchase,
        scored.recency_score,
        scored.frequency_score,
        scored.monetary_score,
        scored.tenure_score,
        segments.rfm_segment,
        case
            when scored.share_above < 0.01 then 'platinum'
            when scored.share_above < 0.05 then 'gold'
            when scored.share_above < 0.1 then 'silver'
            when scored.share_above < 0.25 then 'bronze'
            when scored.share_above < 0.5 then 'medium'
            else 'low'
        end as value_tier
    from scored
    left join segments
        on
            scored.recency_score = segments.recency_score
            and floor((scored.frequency_score + scored.monetary_score + 1) / 2) = segments.frequency_monetary_score
)

select * from final
