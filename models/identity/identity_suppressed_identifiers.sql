-- One row per identifier that too many records share (var identity_identifier_types): it ties nobody.
-- A call centre's number on a thousand forms is no tie between a thousand people.

with

identifiers as (
    select * from {{ ref('identity_identifiers') }}
),

counted as (
    select
        identifier_type,
        identifier_value,
        count(*) as records_count,
        {{ identifier_setting('records_cap') }} as records_cap
    from identifiers
    group by identifier_type, identifier_value
),

final as (
    select
        identifier_type,
        identifier_value,
        records_count,
        records_cap
    from counted
    where records_count > records_cap
)

select * from final
