-- One row per identifier of a record.

with

identifiers as (
    select * from {{ source('speed', 'speed') }}
),

final as (
    select
        record_id as source_record_id,
        identifier_type,
        identifier_value,
        observed_at,
        loaded_at,
        loaded_from
    from identifiers
)

select * from final
