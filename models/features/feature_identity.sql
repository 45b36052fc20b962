-- One row per (customer_id, as_of_date): on how many records and by what identifiers the customer was known then.
-- A record counts since it was seen and tied, an identifier since it was seen on such a record.

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

owners as (
    select * from {{ ref('timeline_owners') }}
),

records as (
    select * from {{ ref('identity_records') }}
),

identifiers as (
    select * from {{ ref('identity_identifiers') }}
),

owned_records as (
    select
        owners.customer_id,
        owners.source_name,
        records.record_number,
        min({{ latest('records.first_seen_at', 'owners.linked_at') }}) as known_at
    from owners
    inner join records
        on
            owners.source_name = records.source_name
            and owners.source_record_id = records.source_record_id
    group by owners.customer_id, owners.source_name, records.record_number
),

known_records as (
    select
        snapshots.as_of_date,
        owned_records.customer_id,
        count(*) as records_count,
        count(distinct owned_records.source_name) as sources_count
    from owned_records
    inner join snapshots
        on cast(owned_records.known_at as date) <= snapshots.as_of_date
    group by snapshots.as_of_date, owned_records.customer_id
),

owned_identifiers as (
    select
        owned_records.customer_id,
        identifiers.identifier_type,
        identifiers.identifier_value,
        min({{ latest('identifiers.observed_at', 'owned_records.known_at') }}) as known_at
    from owned_records
    inner join identifiers
        on owned_records.record_number = identifiers.record_number
    group by owned_records.customer_id, identifiers.identifier_type, identifiers.identifier_value
),

known_identifiers as (
    select
        snapshots.as_of_date,
        owned_identifiers.customer_id,
        count(*) as identifiers_count,
        count(distinct owned_identifiers.identifier_type) as identifier_types_count,
        max(case when owned_identifiers.identifier_type = 'email' then 1 else 0 end) as has_email,
        max(case when owned_identifiers.identifier_type = 'phone' then 1 else 0 end) as has_phone
    from owned_identifiers
    inner join snapshots
        on cast(owned_identifiers.known_at as date) <= snapshots.as_of_date
    group by snapshots.as_of_date, owned_identifiers.customer_id
),

final as (
    select
        known_records.customer_id,
        known_records.as_of_date,
        known_records.records_count,
        known_records.sources_count,
        coalesce(known_identifiers.identifiers_count, 0) as identifiers_count,
        coalesce(known_identifiers.identifier_types_count, 0) as identifier_types_count,
        coalesce(known_identifiers.has_email, 0) as has_email,
        coalesce(known_identifiers.has_phone, 0) as has_phone
    from known_records
    left join known_identifiers
        on
            known_records.customer_id = known_identifiers.customer_id
            and known_records.as_of_date = known_identifiers.as_of_date
)

select * from final
