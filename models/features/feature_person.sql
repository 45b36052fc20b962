-- One row per (customer_id, as_of_date): what profiles said of the person by then.
-- A profile is known since its last change: what it said before isn't kept, so it counts as not known.

{% set age_years %}floor({{ dbt.datediff('birth_date', 'as_of_date', 'day') }} / 365.25){% endset %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

profiles as (
    select * from {{ ref('identity_profiles') }}
),

inputs as (
    select * from {{ ref('input_profiles') }}
),

dated_profiles as (
    select
        profiles.customer_id,
        cast(profiles.known_at as date) as known_date,
        inputs.birth_date,
        inputs.created_at,
        case when profiles.address is not null then 1 else 0 end as has_address,
        case when profiles.country is not null then 1 else 0 end as has_country
    from profiles
    inner join inputs
        on
            profiles.source_name = inputs.source_name
            and profiles.source_record_id = inputs.source_record_id
),

-- of several birth dates the earliest, so that it is the same in every run
known_profiles as (
    select
        dated_profiles.customer_id,
        snapshots.as_of_date,
        count(*) as profiles_count,
        min(dated_profiles.birth_date) as birth_date,
        min(dated_profiles.created_at) as created_at,
        max(dated_profiles.has_address) as has_address,
        max(dated_profiles.has_country) as has_country
    from dated_profiles
    inner join snapshots
        on dated_profiles.known_date <= snapshots.as_of_date
    group by dated_profiles.customer_id, snapshots.as_of_date
),

-- an age that nobody has is a typing error
final as (
    select
        customer_id,
        as_of_date,
        profiles_count,
        case when {{ age_years }} between 14 and 110 then {{ age_years }} end as age_years,
        case when birth_date is not null then 1 else 0 end as has_birth_date,
        has_address,
        has_country,
        case
            when cast(created_at as date) <= as_of_date then {{ dbt.datediff('created_at', 'as_of_date', 'day') }}
        end as days_since_registered
    from known_profiles
)

select * from final
