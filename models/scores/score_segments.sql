-- One row per (customer_id, score_date) of a day that is judged in this run, and customer who had bought by then: the
-- RFM segment of that day, as it was known then. The same rules as customer_rfmt, which speaks of today alone.
-- depends_on: {{ ref('gate_features') }}

with

orders as (
    select * from {{ ref('timeline_orders') }}
),

scores as (
    select * from {{ ref('label_scores_to_judge') }}
),

segments as (
    select * from {{ ref('rfm_segments') }}
),

days as (
    select distinct score_date
    from scores
),

buyers as (
    select
        orders.customer_id,
        days.score_date,
        min({{ dbt.datediff('orders.event_date', 'days.score_date', 'day') }}) as days_since_last_purchase,
        count(*) as purchases_count,
        sum(orders.revenue_amount) as revenue_amount
    from orders
    inner join days
        on orders.known_date <= days.score_date
    group by
        orders.customer_id,
        days.score_date
),

scored as (
    select
        *,
        {{ rfm_score('days_since_last_purchase', 'desc', by='score_date') }} as recency_score,
        {{ rfm_score('purchases_count', 'asc', by='score_date') }} as frequency_score,
        {{ rfm_score('revenue_amount', 'asc', by='score_date') }} as monetary_score
    from buyers
),

final as (
    select
        scored.customer_id,
        scored.score_date,
        scored.purchases_count,
        scored.revenue_amount,
        segments.rfm_segment
    from scored
    left join segments
        on
            scored.recency_score = segments.recency_score
            and floor((scored.frequency_score + scored.monetary_score + 1) / 2) = segments.frequency_monetary_score
)

select * from final
