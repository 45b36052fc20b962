-- One row per record that several customers use, such as a computer at home, and turn: whose it was then.
-- Whoever logs in uses it until somebody else does. identity_map has it with one of them.

with

log_ins as (
    select * from {{ ref('identity_log_ins') }}
),

ordered as (
    select
        *,
        lag(customer_id) over (
            partition by source_name, source_record_id
            order by observed_at, identifier_type, identifier_value
        ) as last_customer_id
    from log_ins
),

-- log-ins of one customer in a row are one turn
turns as (
    select
        *,
        row_number() over (
            partition by source_name, source_record_id
            order by observed_at, identifier_type, identifier_value
        ) as turn_number,
        lead(observed_at) over (
            partition by source_name, source_record_id
            order by observed_at, identifier_type, identifier_value
        ) as used_to,
        count(*) over (partition by source_name, source_record_id) as turns_count
    from ordered
    where
        last_customer_id is null
        or last_customer_id <> customer_id
),

-- the first one to log in was there before, too
final as (
    select
        source_name,
        source_record_id,
        turn_number,
        customer_id,
        case when turn_number > 1 then observed_at end as used_from,
        used_to,
        {{ latest('observed_at', 'linked_at') }} as linked_at
    from turns
    where turns_count > 1
)

select * from final
