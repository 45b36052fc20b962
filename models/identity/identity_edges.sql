-- One row per pair of records that share an identifier: each is tied to the first that has it as its own.
-- A star per identifier connects what all its pairs would, at the same times, in fewer rows.

with

identifiers as (
    select * from {{ ref('identity_identifiers') }}
),

suppressed_identifiers as (
    select * from {{ ref('identity_suppressed_identifiers') }}
),

records as (
    select * from {{ ref('identity_records') }}
),

trusted as (
    select
        *,
        {{ identifier_setting('links') }} as may_link,
        {{ identifier_setting('priority') }} as priority,
        {{ one_per(['person', 'record']) }} as is_one_per_record
    from identifiers
),

numbered as (
    select
        records.record_number,
        trusted.identifier_type,
        trusted.identifier_value,
        trusted.priority,
        trusted.observed_at,
        trusted.is_one_per_record and row_number() over (
            partition by records.record_number, trusted.identifier_type
            order by trusted.observed_at, trusted.identifier_value
        ) > 1 as is_further_value
    from trusted
    inner join records
        on
            trusted.source_name = records.source_name
            and trusted.source_record_id = records.source_record_id
    left join suppressed_identifiers
        on
            trusted.identifier_type = suppressed_identifiers.identifier_type
            and trusted.identifier_value = suppressed_identifiers.identifier_value
    where
        suppressed_identifiers.identifier_value is null
        and trusted.may_link
),

-- a record on which it is a further value is somebody else's: it is no good centre
tied as (
    select
        *,
        first_value(record_number) over (
            partition by identifier_type, identifier_value
            order by is_further_value, observed_at, record_number
        ) as first_record_number,
        first_value(observed_at) over (
            partition by identifier_type, identifier_value
            order by is_further_value, observed_at, record_number
        ) as first_observed_at
    from numbered
),

-- of several identifiers that tie two records the most trusted one is named
ranked as (
    select
        *,
        row_number() over (
            partition by record_number, first_record_number
            order by priority, observed_at, first_observed_at, identifier_type
        ) as trust_rank
    from tied
    where record_number <> first_record_number
),

-- the later of the two observations is the moment when the tie could be known
final as (
    select
        record_number,
        first_record_number,
        min({{ latest('observed_at', 'first_observed_at') }}) as linked_at,
        min(case when trust_rank = 1 then identifier_type end) as identifier_type,
        min(case when is_further_value then 1 else 0 end) = 1 as is_further_value
    from ranked
    group by record_number, first_record_number
)

select * from final
