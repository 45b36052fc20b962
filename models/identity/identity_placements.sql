-- One row per record, of this run or an earlier one: its cluster now, and the customer that it was placed with before.
-- A record that the inputs no longer hold has no record_number and no cluster.

with

records as (
    select * from {{ ref('identity_records') }}
),

clusters as (
    select * from {{ ref('identity_clusters') }}
),

map_before as (
    {{ previous('identity_map', {
        'source_name': 'text', 'source_record_id': 'text', 'customer_id': 'text',
        'linked_at': 'timestamp', 'valid_from': 'timestamp', 'valid_to': 'timestamp', 'run_id': 'text',
    }) }}
),

-- rows of a version that named customers anew in every run have no run_id
placed_rows as (
    select
        *,
        min(valid_from) over (partition by customer_id) as customer_since
    from map_before
    where run_id is not null
),

-- the first record that a customer was made of, whatever came later
dated_rows as (
    select
        *,
        min(case when valid_from = customer_since then linked_at end) over (
            partition by customer_id
        ) as customer_first_seen_at
    from placed_rows
),

placed as (
    select
        source_name,
        source_record_id,
        max(case when valid_to is null then customer_id end) as previous_customer_id,
        max(case when valid_to is null then customer_since end) as previous_customer_since,
        max(case when valid_to is null then customer_first_seen_at end) as previous_customer_first_seen_at,
        count(distinct customer_id) as previous_customers_count,
        max(case when customer_id = {{ first_customer_id('source_name', 'source_record_id') }} then 1 else 0 end)
            as gave_its_name
    from dated_rows
    group by
        source_name,
        source_record_id
),

clustered as (
    select
        records.source_name,
        records.source_record_id,
        records.record_number,
        records.first_seen_at,
        clusters.root_record_number,
        clusters.linked_at
    from records
    inner join clusters
        on records.record_number = clusters.record_number
),

final as (
    select
        coalesce(clustered.source_name, placed.source_name) as source_name,
        coalesce(clustered.source_record_id, placed.source_record_id) as source_record_id,
        clustered.record_number,
        clustered.first_seen_at,
        clustered.root_record_number,
        clustered.linked_at,
        placed.previous_customer_id,
        placed.previous_customer_since,
        placed.previous_customer_first_seen_at,
        coalesce(placed.previous_customers_count, 0) as previous_customers_count,
        coalesce(placed.gave_its_name, 0) = 1 as gave_its_name
    from clustered
    full outer join placed
        on
            clustered.source_name = placed.source_name
            and clustered.source_record_id = placed.source_record_id
)

select * from final
