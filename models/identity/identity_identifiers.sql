-- One row per (record, identifier type, identifier value), cleaned so that equal means the same.
-- Junk (seed junk_identifiers) links nobody, so it doesn't enter.
-- depends_on: {{ ref('gate_inputs') }}

with

identifiers as (
    select * from {{ ref('input_identifiers') }}
),

junk as (
    select * from {{ ref('junk_identifiers') }}
),

cleaned as (
    select
        source_name,
        source_record_id,
        identifier_type,
        case
            when identifier_type = 'email' then lower(trim(identifier_value))
            when identifier_type = 'phone' then {{ digits_only('identifier_value') }}
            else trim(identifier_value)
        end as identifier_value,
        observed_at
    from identifiers
),

final as (
    select
        cleaned.source_name,
        cleaned.source_record_id,
        cleaned.identifier_type,
        cleaned.identifier_value,
        min(cleaned.observed_at) as observed_at
    from cleaned
    left join junk
        on
            cleaned.identifier_type = junk.identifier_type
            and cleaned.identifier_value = cast(junk.identifier_value as {{ column_type('text') }})
    where
        junk.identifier_value is null
        and cleaned.identifier_value <> ''
    group by
        cleaned.source_name,
        cleaned.source_record_id,
        cleaned.identifier_type,
        cleaned.identifier_value
)

select * from final
