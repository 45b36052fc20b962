-- One row per (customer_id, as_of_date): what was bought, in windows that end with as_of_date.

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

orders as (
    select * from {{ ref('timeline_orders') }}
),

-- an integer age is the fastest thing to compare in every sum below
known_orders as (
    select
        orders.*,
        snapshots.as_of_date,
        {{ dbt.datediff('orders.event_date', 'snapshots.as_of_date', 'day') }} as age_days
    from orders
    inner join snapshots
        on
            orders.known_date <= snapshots.as_of_date
            and orders.event_date > {{ dbt.dateadd('day', -(var('feature_windows') | max), 'snapshots.as_of_date') }}
),

final as (
    select
        customer_id,
        as_of_date,
        {%- for days in var('feature_windows') %}
        sum(case when age_days < {{ days }} then 1 else 0 end) as purchases_count_{{ days }}d,
        count(distinct case when age_days < {{ days }} then event_date end) as purchase_days_count_{{ days }}d,
        sum(case when age_days < {{ days }} then lines_count else 0 end) as purchase_lines_count_{{ days }}d,
        sum(case when age_days < {{ days }} then units_count else 0 end) as units_count_{{ days }}d,
        sum(case when age_days < {{ days }} then revenue_amount else 0 end) as revenue_amount_{{ days }}d,
        sum(case when age_days < {{ days }} then discount_amount else 0 end) as discount_amount_{{ days }}d
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from known_orders
    group by customer_id, as_of_date
)

select * from final
