-- One row per identifier that too many records share (var identity_identifier_types): it ties nobody.
-- A call centre's number on a thousand forms is no tie between a thousand people.

with

shared_identifiers as (
    select * from {{ ref('identity_shared_identifiers') }}
),

final as (
    select
        identifier_type,
        identifier_value,
        records_count,
        records_cap
    from shared_identifiers
    where is_suppressed
)

select * from final
