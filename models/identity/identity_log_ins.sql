-- One row per log-in on a record that several accounts logged in on, and the customer whose account it is.
-- Of records such as a computer at home; identity_shared_records says whose turn it was.

with

edges as (
    select * from {{ ref('identity_edges') }}
),

records as (
    select * from {{ ref('identity_records') }}
),

identifiers as (
    select * from {{ ref('identity_identifiers') }}
    where {{ one_per(['person', 'record']) }}
),

sightings as (
    select * from {{ ref('identity_sightings') }}
    where
        {{ one_per(['person', 'record']) }}
        and {{ identifier_setting('links') }}
),

suppressed_identifiers as (
    select * from {{ ref('identity_suppressed_identifiers') }}
),

identity_map as (
    select * from {{ ref('identity_map') }}
    where valid_to is null
),

seen_with_others as (
    select distinct record_number
    from edges
    where is_further_value
),

log_ins as (
    select
        sightings.source_name,
        sightings.source_record_id,
        sightings.identifier_type,
        sightings.identifier_value,
        sightings.observed_at
    from sightings
    inner join records
        on
            sightings.source_name = records.source_name
            and sightings.source_record_id = records.source_record_id
    inner join seen_with_others
        on records.record_number = seen_with_others.record_number
    left join suppressed_identifiers
        on
            sightings.identifier_type = suppressed_identifiers.identifier_type
            and sightings.identifier_value = suppressed_identifiers.identifier_value
    where suppressed_identifiers.identifier_value is null
),

accounts as (
    select distinct
        identifier_type,
        identifier_value
    from log_ins
),

-- whose an identifier is: the customer of the first record of one person that has it
owners as (
    select
        identifiers.identifier_type,
        identifiers.identifier_value,
        identity_map.customer_id,
        identity_map.linked_at,
        row_number() over (
            partition by identifiers.identifier_type, identifiers.identifier_value
            order by identifiers.observed_at, records.source_name, records.source_record_id
        ) as age_rank
    from identifiers
    inner join accounts
        on
            identifiers.identifier_type = accounts.identifier_type
            and identifiers.identifier_value = accounts.identifier_value
    inner join records
        on identifiers.record_number = records.record_number
    inner join identity_map
        on
            records.source_name = identity_map.source_name
            and records.source_record_id = identity_map.source_record_id
    left join seen_with_others
        on identifiers.record_number = seen_with_others.record_number
    where seen_with_others.record_number is null
),

final as (
    select
        log_ins.source_name,
        log_ins.source_record_id,
        log_ins.identifier_type,
        log_ins.identifier_value,
        log_ins.observed_at,
        owners.customer_id,
        owners.linked_at
    from log_ins
    inner join owners
        on
            log_ins.identifier_type = owners.identifier_type
            and log_ins.identifier_value = owners.identifier_value
            and owners.age_rank = 1
)

select * from final
