-- One row per customer and customer that records come from in this run ('' for new records): what ties them to it.
-- Of several identifiers the most trusted is named (var identity_identifier_types).

with

moves as (
    select * from {{ ref('identity_moves') }}
),

edges as (
    select * from {{ ref('identity_edges') }}
),

placements as (
    select * from {{ ref('identity_placements') }}
),

edges_of_both as (
    select
        record_number,
        first_record_number as other_record_number,
        identifier_type
    from edges

    union all

    select
        first_record_number as record_number,
        record_number as other_record_number,
        identifier_type
    from edges
),

-- records that came along from the same customer are no reason to move
ties as (
    select
        moves.customer_id,
        coalesce(moves.previous_customer_id, '') as previous_customer_id,
        edges_of_both.identifier_type,
        {{ identifier_setting('priority') }} as priority
    from moves
    inner join edges_of_both
        on moves.record_number = edges_of_both.record_number
    inner join placements
        on edges_of_both.other_record_number = placements.record_number
    where
        moves.previous_customer_id is null
        or placements.previous_customer_id is null
        or moves.previous_customer_id <> placements.previous_customer_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, previous_customer_id order by priority, identifier_type
        ) as trust_rank
    from ties
),

final as (
    select
        customer_id,
        previous_customer_id,
        identifier_type
    from ranked
    where trust_rank = 1
)

select * from final
