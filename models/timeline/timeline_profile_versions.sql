-- One row per customer and version of a profile, of sources that keep every version (var profile_versions_since): the
-- day on which it was known to be the customer's, and the day on which the next one was. Neither names nor addresses.
-- Of several versions of a day the last is what was known at its end.

{% set text = column_type('text') %}

with

profiles as (
    select
        *,
        coalesce(updated_at, created_at, loaded_at) as written_at
    from {{ ref('input_profiles_checked') }}
    where row_outcome in ('kept', 'deduplicated')
),

identity_map as (
    select * from {{ ref('identity_map') }}
    where
        valid_to is null
        and {{ in_sample('customer_id') }}
),

sources as (
    {{ profile_sources() }}
),

versions as (
    select
        identity_map.customer_id,
        profiles.source_name,
        profiles.source_record_id,
        sources.first_date as source_first_date,
        cast({{ latest('profiles.written_at', 'identity_map.linked_at') }} as date) as known_date,
        profiles.written_at,
        cast(profiles.created_at as date) as created_date,
        profiles.birth_date,
        lower(nullif(trim(profiles.country), '')) as country,
        case when nullif(trim(profiles.email), '') is null then 0 else 1 end as has_email,
        case when nullif(trim(profiles.phone), '') is null then 0 else 1 end as has_phone,
        case when nullif(trim(profiles.address), '') is null then 0 else 1 end as has_address,
        case when profiles.row_outcome = 'kept' then 1 else 0 end as is_newest,
        profiles.loaded_at
    from profiles
    inner join sources
        on profiles.source_name = sources.source_name
    inner join identity_map
        on
            profiles.source_name = identity_map.source_name
            and profiles.source_record_id = identity_map.source_record_id
),

-- what was delivered twice is one version of a day, in whatever order it came
ranked as (
    select
        *,
        row_number() over (
            partition by source_name, source_record_id, known_date
            order by
                written_at desc, is_newest desc, loaded_at desc, birth_date, country,
                has_email, has_phone, has_address, created_date
        ) as versions_back
    from versions
),

final as (
    select
        customer_id,
        source_name,
        source_record_id,
        source_first_date,
        known_date,
        lead(known_date) over (partition by source_name, source_record_id order by known_date) as replaced_date,
        row_number() over (partition by source_name, source_record_id order by known_date) as version_number,
        created_date,
        birth_date,
        cast(country as {{ text }}) as country,
        has_email,
        has_phone,
        has_address
    from ranked
    where versions_back = 1
)

select * from final
