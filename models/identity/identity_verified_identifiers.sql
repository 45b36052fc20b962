-- One row per record and identifier type of which a person has one (var identity_identifier_types, one_per).
-- Records with different ones are different people, whatever else they share.

with

identifiers as (
    select * from {{ ref('identity_identifiers') }}
),

suppressed_identifiers as (
    select * from {{ ref('identity_suppressed_identifiers') }}
),

records as (
    select * from {{ ref('identity_records') }}
),

-- a record with a second one has it from somebody else
ranked as (
    select
        identifiers.*,
        row_number() over (
            partition by identifiers.source_name, identifiers.source_record_id, identifiers.identifier_type
            order by identifiers.observed_at, identifiers.identifier_value
        ) as value_rank
    from identifiers
    left join suppressed_identifiers
        on
            identifiers.identifier_type = suppressed_identifiers.identifier_type
            and identifiers.identifier_value = suppressed_identifiers.identifier_value
    where
        identifiers.{{ one_per(['person']) }}
        and suppressed_identifiers.identifier_value is null
),

final as (
    select
        records.record_number,
        ranked.identifier_type,
        ranked.identifier_value
    from ranked
    inner join records
        on
            ranked.source_name = records.source_name
            and ranked.source_record_id = records.source_record_id
    where ranked.value_rank = 1
)

select * from final
