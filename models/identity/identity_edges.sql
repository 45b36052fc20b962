-- One row per record and record that has an identifier of it first, as its own. Two records may stand once each way.
-- A star per identifier connects what all its pairs would, at the same times, in fewer rows.

with

identifiers as (
    select * from {{ ref('identity_identifiers') }}
),

shared_identifiers as (
    select * from {{ ref('identity_shared_identifiers') }}
),

further_identifiers as (
    select * from {{ ref('identity_further_identifiers') }}
),

trusted as (
    select
        *,
        {{ identifier_setting('priority') }} as priority
    from shared_identifiers
    where
        not is_suppressed
        and {{ identifier_setting('links') }}
),

members as (
    select
        trusted.identifier_number,
        trusted.identifier_type,
        trusted.priority,
        identifiers.record_number,
        identifiers.observed_at,
        further_identifiers.record_number is not null as is_further_value
    from identifiers
    inner join trusted
        on
            identifiers.identifier_type = trusted.identifier_type
            and identifiers.identifier_value = trusted.identifier_value
    left join further_identifiers
        on
            identifiers.record_number = further_identifiers.record_number
            and identifiers.identifier_type = further_identifiers.identifier_type
            and identifiers.identifier_value = further_identifiers.identifier_value
),

-- a record on which it is a further value is somebody else's: it is no good centre
tied as (
    select
        *,
        first_value(record_number) over (
            partition by identifier_number order by is_further_value, observed_at, record_number
        ) as first_record_number,
        first_value(observed_at) over (
            partition by identifier_number order by is_further_value, observed_at, record_number
        ) as first_observed_at
    from members
),

-- of several identifiers that tie two records the most trusted one is named
ranked as (
    select
        record_number,
        first_record_number,
        identifier_type,
        {{ latest('observed_at', 'first_observed_at') }} as linked_at,
        is_further_value,
        row_number() over (
            partition by record_number, first_record_number
            order by is_further_value, priority, observed_at, first_observed_at, identifier_type
        ) as trust_rank
    from tied
    where record_number <> first_record_number
),

-- the later of the two observations is the moment when the tie could be known;
-- what somebody else was seen with doesn't count beside what is the record's own
final as (
    select
        record_number,
        first_record_number,
        coalesce(min(case when not is_further_value then linked_at end), min(linked_at)) as linked_at,
        min(case when trust_rank = 1 then identifier_type end) as identifier_type,
        min(case when is_further_value then 1 else 0 end) = 1 as is_further_value
    from ranked
    group by record_number, first_record_number
)

select * from final
