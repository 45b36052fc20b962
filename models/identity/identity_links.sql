-- One row per tie between two records that holds: by an identifier that they share, or by their details.
-- What was refused stands in identity_refused_links. A further log-in holds only where that was decided.

with

edges as (
    select * from {{ ref('identity_edges') }}
),

decisions as (
    select * from {{ ref('identity_link_decisions') }}
),

refused_edges as (
    select
        record_number,
        other_record_number
    from decisions
    where is_refused and tied_by <> 'details'
),

by_identifiers as (
    select
        edges.record_number,
        edges.first_record_number as other_record_number,
        edges.linked_at,
        edges.identifier_type as tied_by
    from edges
    left join refused_edges
        on
            edges.record_number = refused_edges.record_number
            and edges.first_record_number = refused_edges.other_record_number
    where
        refused_edges.record_number is null
        and not edges.is_further_value
),

decided as (
    select
        record_number,
        other_record_number,
        linked_at,
        tied_by
    from decisions
    where not is_refused
),

final as (
    select * from by_identifiers
    union all
    select * from decided
)

select * from final
