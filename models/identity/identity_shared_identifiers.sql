-- One row per identifier that several records have, numbered, and whether they are too many to be one person
-- (var identity_identifier_types).

with

identifiers as (
    select * from {{ ref('identity_identifiers') }}
),

shared as (
    select
        identifier_type,
        identifier_value,
        min(record_number) as oldest_record_number,
        count(*) as records_count
    from identifiers
    group by identifier_type, identifier_value
    having count(*) > 1
),

final as (
    select
        row_number() over (order by oldest_record_number, identifier_type, identifier_value) as identifier_number,
        identifier_type,
        identifier_value,
        records_count,
        {{ identifier_setting('records_cap') }} as records_cap,
        records_count > {{ identifier_setting('records_cap') }} as is_suppressed
    from shared
)

select * from final
