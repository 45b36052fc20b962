-- One row per source record that anything is known of, numbered from the oldest.
-- The numbers give identity_clusters small integers to work on, and a total order for ties.
-- depends_on: {{ ref('gate_inputs') }}

with

identifiers as (
    select * from {{ ref('input_identifiers') }}
),

profiles as (
    select * from {{ ref('input_profiles') }}
),

events as (
    select * from {{ ref('input_events') }}
),

sightings as (
    select
        source_name,
        source_record_id,
        observed_at as seen_at
    from identifiers

    union all

    select
        source_name,
        source_record_id,
        coalesce(created_at, updated_at, loaded_at) as seen_at
    from profiles

    union all

    select
        source_name,
        source_record_id,
        occurred_at as seen_at
    from events
),

records as (
    select
        source_name,
        source_record_id,
        min(seen_at) as first_seen_at
    from sightings
    group by source_name, source_record_id
),

final as (
    select
        source_name,
        source_record_id,
        first_seen_at,
        row_number() over (order by first_seen_at, source_name, source_record_id) as record_number
    from records
)

select * from final
