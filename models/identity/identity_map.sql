-- One row per source record: the customer it belongs to, and since when that could be known.
-- A customer is named after the oldest of its records, so later records don't rename it.

with

records as (
    select * from {{ ref('identity_records') }}
),

clusters as (
    select * from {{ ref('identity_clusters') }}
),

named as (
    select
        records.source_name,
        records.source_record_id,
        records.first_seen_at,
        clusters.linked_at,
        roots.source_name as root_source_name,
        roots.source_record_id as root_source_record_id
    from records
    inner join clusters
        on records.record_number = clusters.record_number
    inner join records as roots
        on clusters.root_record_number = roots.record_number
),

final as (
    select
        source_name,
        source_record_id,
        {{ dbt.hash(dbt.concat(['root_source_name', "'|'", 'root_source_record_id'])) }} as customer_id,
        coalesce(linked_at, first_seen_at) as linked_at
    from named
)

select * from final
