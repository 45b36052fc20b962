-- One row per (customer_id, as_of_date): the customers of whom an event was known by then.
-- Features and labels hang on these rows, so that both speak of the same people.

with

days as (
    select * from {{ ref('timeline_days') }}
),

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

customers as (
    select
        customer_id,
        min(known_date) as first_known_date
    from days
    group by customer_id
),

final as (
    select
        customers.customer_id,
        snapshots.as_of_date,
        snapshots.is_current
    from customers
    inner join snapshots
        on customers.first_known_date <= snapshots.as_of_date
)

select * from final
