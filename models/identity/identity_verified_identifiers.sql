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

verified as (
    select * from identifiers
    where {{ one_per(['person']) }}
),

-- a record with a second one has it from somebody else
ranked as (
    select
        verified.*,
        row_number() over (
            partition by verified.source_name, verified.source_record_id, verified.identifier_type
            order by verified.observed_at, verified.identifier_value
        ) as value_rank
    from verified
    left join suppressed_identifiers
        on
            verified.identifier_type = suppressed_identifiers.identifier_type
            and verified.identifier_value = suppressed_identifiers.identifier_value
    where suppressed_identifiers.identifier_value is null
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
