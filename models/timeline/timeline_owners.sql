-- One row per source record and turn: the customer whose events they are, and since when that is known.
-- A record has one turn, unless several people use it; then an event is whoever's turn it was.

with

identity_map as (
    select * from {{ ref('identity_map') }}
    where valid_to is null
),

shared_records as (
    select * from {{ ref('identity_shared_records') }}
),

turns as (
    select
        identity_map.source_name,
        identity_map.source_record_id,
        coalesce(shared_records.turn_number, 1) as turn_number,
        shared_records.used_from,
        shared_records.used_to,
        coalesce(shared_records.customer_id, identity_map.customer_id) as customer_id,
        coalesce(shared_records.linked_at, identity_map.linked_at) as linked_at
    from identity_map
    left join shared_records
        on
            identity_map.source_name = shared_records.source_name
            and identity_map.source_record_id = shared_records.source_record_id
),

-- the print tells whether anything of it changed since events were last laid out by it
final as (
    select
        source_name,
        source_record_id,
        turn_number,
        used_from,
        used_to,
        customer_id,
        linked_at,
        {{ row_print([
            'source_name', 'source_record_id', 'used_from', 'used_to', 'customer_id', 'linked_at',
        ]) }} as owner_print
    from turns
    where {{ in_sample('customer_id') }}
)

select * from final
