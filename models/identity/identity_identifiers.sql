-- One row per (record, identifier type, identifier value), and when it was first seen there.

with

sightings as (
    select * from {{ ref('identity_sightings') }}
),

records as (
    select * from {{ ref('identity_records') }}
),

final as (
    select
        records.record_number,
        sightings.identifier_type,
        sightings.identifier_value,
        min(sightings.observed_at) as observed_at
    from sightings
    inner join records
        on
            sightings.source_name = records.source_name
            and sightings.source_record_id = records.source_record_id
    group by records.record_number, sightings.identifier_type, sightings.identifier_value
)

select * from final
