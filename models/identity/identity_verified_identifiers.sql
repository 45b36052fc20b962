-- One row per record and identifier type of which a person has one (var identity_identifier_types, one_per).
-- Records with different ones are different people, whatever else they share.

with

identifiers as (
    select * from {{ ref('identity_identifiers') }}
    where {{ one_per(['person']) }}
),

suppressed_identifiers as (
    select * from {{ ref('identity_suppressed_identifiers') }}
),

further_identifiers as (
    select * from {{ ref('identity_further_identifiers') }}
),

final as (
    select
        identifiers.record_number,
        identifiers.identifier_type,
        identifiers.identifier_value
    from identifiers
    left join suppressed_identifiers
        on
            identifiers.identifier_type = suppressed_identifiers.identifier_type
            and identifiers.identifier_value = suppressed_identifiers.identifier_value
    left join further_identifiers
        on
            identifiers.record_number = further_identifiers.record_number
            and identifiers.identifier_type = further_identifiers.identifier_type
            and identifiers.identifier_value = further_identifiers.identifier_value
    where
        suppressed_identifiers.identifier_value is null
        and further_identifiers.identifier_value is null
)

select * from final
