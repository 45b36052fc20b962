-- One row per cluster and customer that earlier runs placed some of its records with: how many they share.
-- Where both have no other partner the cluster keeps the customer_id; the rest is for identity_matches to decide.

with

placements as (
    select * from {{ ref('identity_placements') }}
),

shared as (
    select
        root_record_number,
        previous_customer_id as customer_id,
        min(previous_customer_since) as customer_since,
        min(previous_customer_first_seen_at) as customer_first_seen_at,
        count(*) as records_count,
        min(record_number) as first_record_number,
        min(linked_at) as first_linked_at
    from placements
    where
        root_record_number is not null
        and previous_customer_id is not null
    group by
        root_record_number,
        previous_customer_id
),

customers as (
    select
        customer_id,
        count(*) as clusters_count,
        row_number() over (
            order by min(customer_since), min(customer_first_seen_at), customer_id
        ) as customer_age_rank
    from shared
    group by customer_id
),

clusters as (
    select
        root_record_number,
        count(*) as customers_count
    from shared
    group by root_record_number
),

final as (
    select
        shared.root_record_number,
        shared.customer_id,
        customers.customer_age_rank,
        shared.records_count,
        shared.first_record_number,
        -- the oldest record of the cluster is tied to it from the beginning
        case
            when shared.first_record_number <> shared.root_record_number then shared.first_linked_at
        end as first_linked_at,
        customers.clusters_count = 1 and clusters.customers_count = 1 as is_only_pair
    from shared
    inner join customers
        on shared.customer_id = customers.customer_id
    inner join clusters
        on shared.root_record_number = clusters.root_record_number
)

select * from final
