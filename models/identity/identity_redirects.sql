-- One row per customer_id that has no records any more: the customer that holds them now.
-- Followed through the records themselves, so chains of merges of any length need no rounds.

with

identity_map as (
    select * from {{ ref('identity_map') }}
),

customers as (
    select
        customer_id,
        min(valid_from) as began_at,
        max(valid_to) as ended_at,
        count(*) > count(valid_to) as is_living
    from identity_map
    group by customer_id
),

-- the records that it still had when it ended, counted by where they are
holders as (
    select
        ended.customer_id as retired_customer_id,
        ended.ended_at as retired_at,
        current_rows.customer_id,
        min(living.began_at) as began_at,
        count(*) as records_count
    from customers as ended
    inner join identity_map as last_rows
        on
            ended.customer_id = last_rows.customer_id
            and ended.ended_at = last_rows.valid_to
    inner join identity_map as current_rows
        on
            last_rows.source_name = current_rows.source_name
            and last_rows.source_record_id = current_rows.source_record_id
            and current_rows.valid_to is null
    inner join customers as living
        on current_rows.customer_id = living.customer_id
    where not ended.is_living
    group by
        ended.customer_id,
        ended.ended_at,
        current_rows.customer_id
),

-- where they were split since: the larger part, then the older customer
ranked as (
    select
        *,
        row_number() over (
            partition by retired_customer_id
            order by records_count desc, began_at, customer_id
        ) as part_rank
    from holders
),

final as (
    select
        retired_customer_id,
        customer_id,
        retired_at
    from ranked
    where part_rank = 1
)

select * from final
