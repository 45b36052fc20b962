-- One row per (customer_id, as_of_date): what profiles said of a customer on that day.
-- Only of sources that keep every version: elsewhere it can't be told what was known then (decision 0016).

with

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

versions as (
    select * from {{ ref('timeline_profile_versions') }}
),

known_profiles as (
    select
        versions.*,
        snapshots.as_of_date,
        {{ dbt.datediff('versions.known_date', 'snapshots.as_of_date', 'day') }} as age_days,
        {{ dbt.datediff('versions.created_date', 'snapshots.as_of_date', 'day') }} as created_days_ago,
        {{ dbt.datediff('versions.birth_date', 'snapshots.as_of_date', 'day') }} as days_since_birth
    from versions
    inner join snapshots
        on
            versions.known_date <= snapshots.as_of_date
            and (versions.replaced_date is null or versions.replaced_date > snapshots.as_of_date)
            and (versions.source_first_date is null or versions.source_first_date <= snapshots.as_of_date)
),

-- of several profiles the one that was written last speaks, if it says anything; ages that can't be are no ages
judged as (
    select
        *,
        case when days_since_birth between 0 and 120 * 365.25 then floor(days_since_birth / 365.25) end as age_years,
        row_number() over (
            partition by customer_id, as_of_date
            order by age_days, source_name, source_record_id
        ) as profiles_back
    from known_profiles
),

firsts as (
    select
        *,
        min(case when age_years is not null then profiles_back end) over (
            partition by customer_id, as_of_date
        ) as first_with_age,
        min(case when country is not null then profiles_back end) over (
            partition by customer_id, as_of_date
        ) as first_with_country
    from judged
),

together as (
    select
        customer_id,
        as_of_date,
        cast(count(*) as {{ column_type('integer') }}) as profiles_count,
        cast(sum(version_number - 1) as {{ column_type('integer') }}) as profile_changes_count,
        min(age_days) as days_since_profile_changed,
        max(case when created_days_ago >= 0 then created_days_ago end) as days_since_profile_created,
        max(case when profiles_back = first_with_age then age_years end) as age_years,
        max(case when profiles_back = first_with_country then country end) as country,
        max(has_email) as has_email,
        max(has_phone) as has_phone,
        max(has_address) as has_address
    from firsts
    group by customer_id, as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        profiles_count,
        profile_changes_count,
        days_since_profile_changed,
        days_since_profile_created,
        cast(age_years as {{ column_type('integer') }}) as age_years,
        country,
        has_email,
        has_phone,
        has_address
    from together
)

select * from final
