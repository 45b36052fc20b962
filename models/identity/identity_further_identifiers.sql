-- One row per identifier that a record has beyond its own, of types of which there is one per record or person
-- (var identity_identifier_types): somebody else's, such as a second log-in on a computer.

with

identifiers as (
    select * from {{ ref('identity_identifiers') }}
    where {{ one_per(['person', 'record']) }}
),

suppressed_identifiers as (
    select * from {{ ref('identity_suppressed_identifiers') }}
),

one_each as (
    select identifiers.*
    from identifiers
    left join suppressed_identifiers
        on
            identifiers.identifier_type = suppressed_identifiers.identifier_type
            and identifiers.identifier_value = suppressed_identifiers.identifier_value
    where suppressed_identifiers.identifier_value is null
),

-- few records have several, and only those are put in order
with_several as (
    select
        record_number,
        identifier_type
    from one_each
    group by record_number, identifier_type
    having count(*) > 1
),

ranked as (
    select
        one_each.record_number,
        one_each.identifier_type,
        one_each.identifier_value,
        row_number() over (
            partition by one_each.record_number, one_each.identifier_type
            order by one_each.observed_at, one_each.identifier_value
        ) as value_rank
    from one_each
    inner join with_several
        on
            one_each.record_number = with_several.record_number
            and one_each.identifier_type = with_several.identifier_type
),

final as (
    select
        record_number,
        identifier_type,
        identifier_value
    from ranked
    where value_rank > 1
)

select * from final
