-- One row per record that this run places: new ones, and those whose customer changes.
-- Standing at an earlier day than the map does moves nobody: what was learnt since is not unlearnt.

with

placements as (
    select * from {{ ref('identity_placements') }}
),

pairs as (
    select * from {{ ref('identity_overlaps') }}
),

named_clusters as (
    select * from {{ ref('identity_named_clusters') }}
),

today as (
    select {{ last_known_day() }} as as_of_date
    from {{ ref('input_events') }}
),

map_before as (
    {{ previous('identity_map', {'as_of_date': 'date', 'run_id': 'text'}) }}
),

last_day as (
    select max(as_of_date) as as_of_date
    from map_before
    where run_id is not null
),

-- customers that no cluster keeps, and the one that the largest part of their records went to
ended_customers as (
    select
        pairs.customer_id,
        pairs.root_record_number,
        row_number() over (
            partition by pairs.customer_id
            order by pairs.records_count desc, pairs.root_record_number
        ) as part_rank
    from pairs
    left join named_clusters
        on pairs.customer_id = named_clusters.customer_id
    where named_clusters.customer_id is null
),

-- records that the inputs no longer hold go where their customer went
located as (
    select
        placements.*,
        coalesce(placements.root_record_number, ended_customers.root_record_number) as cluster_number
    from placements
    left join ended_customers
        on
            placements.previous_customer_id = ended_customers.customer_id
            and ended_customers.part_rank = 1
),

-- tied to the others when both are tied to the cluster's oldest record
tied as (
    select
        located.source_name,
        located.source_record_id,
        located.record_number,
        located.previous_customer_id,
        named_clusters.customer_id,
        coalesce(located.previous_customer_id <> named_clusters.anchor_customer_id, false) as is_of_another,
        coalesce(
            {{ latest('located.linked_at', 'named_clusters.anchor_linked_at') }}, located.first_seen_at
        ) as linked_at
    from located
    inner join named_clusters
        on located.cluster_number = named_clusters.root_record_number
),

-- a tie that the last run could have found, and this one did, is known from now on
final as (
    select
        tied.source_name,
        tied.source_record_id,
        tied.record_number,
        tied.customer_id,
        tied.previous_customer_id,
        case
            when
                tied.record_number is null
                or (
                    tied.is_of_another
                    and tied.linked_at < {{ dbt.dateadd('day', 1, 'last_day.as_of_date') }}
                )
                then coalesce(cast(today.as_of_date as {{ column_type('timestamp') }}), tied.linked_at)
            else tied.linked_at
        end as linked_at,
        today.as_of_date
    from tied
    cross join today
    cross join last_day
    where
        tied.previous_customer_id is null
        or (
            tied.previous_customer_id <> tied.customer_id
            and not coalesce(today.as_of_date < last_day.as_of_date, false)
        )
)

select * from final
