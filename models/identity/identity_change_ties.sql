-- One row per customer and customer that records come from in this run ('' for new records): what ties them to it.
-- Of several the most trusted is named (var identity_identifier_types); 'details' when no identifier ties them.

with

moves as (
    select * from {{ ref('identity_moves') }}
),

links as (
    select * from {{ ref('identity_links') }}
),

placements as (
    select * from {{ ref('identity_placements') }}
),

links_of_both as (
    select
        record_number,
        other_record_number,
        tied_by as identifier_type
    from links

    union all

    select
        other_record_number as record_number,
        record_number as other_record_number,
        tied_by as identifier_type
    from links
),

-- records that came along from the same customer are no reason to move
ties as (
    select
        moves.customer_id,
        coalesce(moves.previous_customer_id, '') as previous_customer_id,
        links_of_both.identifier_type,
        {{ identifier_setting('priority') }} as priority
    from moves
    inner join links_of_both
        on moves.record_number = links_of_both.record_number
    inner join placements
        on links_of_both.other_record_number = placements.record_number
    where
        moves.previous_customer_id is null
        or placements.previous_customer_id is null
        or moves.previous_customer_id <> placements.previous_customer_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, previous_customer_id
            order by case when identifier_type = 'details' then 1 else 0 end, priority, identifier_type
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
