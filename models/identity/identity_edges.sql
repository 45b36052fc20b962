-- One row per pair of records that share an identifier: each is tied to the first that had it.
-- A star per identifier connects what all its pairs would, at the same times, in fewer rows.

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

numbered as (
    select
        records.record_number,
        identifiers.identifier_type,
        identifiers.identifier_value,
        identifiers.observed_at,
        first_value(records.record_number) over (
            partition by identifiers.identifier_type, identifiers.identifier_value
            order by identifiers.observed_at, records.record_number
        ) as first_record_number
    from identifiers
    inner join records
        on
            identifiers.source_name = records.source_name
            and identifiers.source_record_id = records.source_record_id
    left join suppressed_identifiers
        on
            identifiers.identifier_type = suppressed_identifiers.identifier_type
            and identifiers.identifier_value = suppressed_identifiers.identifier_value
    where suppressed_identifiers.identifier_value is null
),

-- the later of the two observations is the moment when the tie could be known
final as (
    select
        record_number,
        first_record_number,
        min(observed_at) as linked_at
    from numbered
    where record_number <> first_record_number
    group by record_number, first_record_number
)

select * from final
