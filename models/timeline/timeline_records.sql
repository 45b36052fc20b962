-- One row per customer and source record with an event: the first day on which it was known to be the customer's.

with

events as (
    select * from {{ ref('timeline_owned_events') }}
    where event_number is not null
),

final as (
    select
        customer_id,
        source_name,
        source_record_id,
        min(known_date) as first_known_date
    from events
    group by customer_id, source_name, source_record_id
)

select * from final
