-- One row per (customer_id, as_of_date): what profiles said of the person from their first day on.
-- Only what doesn't change: a profile's last change would tell that the person came back after as_of_date.

{% set age_years %}floor({{ dbt.datediff('birth_date', 'as_of_date', 'day') }} / 365.25){% endset %}

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

profiles as (
    select * from {{ ref('input_profiles') }}
),

identity_map as (
    select * from {{ ref('identity_map') }}
    where valid_to is null
),

dated_profiles as (
    select
        identity_map.customer_id,
        profiles.birth_date,
        cast(profiles.created_at as date) as created_date,
        cast({{ latest('profiles.created_at', 'identity_map.linked_at') }} as date) as known_date
    from profiles
    inner join identity_map
        on
            profiles.source_name = identity_map.source_name
            and profiles.source_record_id = identity_map.source_record_id
    where profiles.created_at is not null
),

-- of several birth dates the earliest, so that it is the same in every run
known_profiles as (
    select
        dated_profiles.customer_id,
        snapshots.as_of_date,
        count(*) as profiles_count,
        min(dated_profiles.birth_date) as birth_date,
        min(dated_profiles.created_date) as created_date
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
        {{ dbt.datediff('created_date', 'as_of_date', 'day') }} as days_since_registered
    from known_profiles
)

select * from final
