-- One row per record that says something of a person, with each detail made comparable, and parts of them.
-- Records that agree on parts (var identity_matching, keys) are compared on the details. A null is missing.
-- depends_on: {{ ref('gate_inputs') }}

{% set text = column_type('text') %}

with

profiles as (
    select * from {{ ref('input_profiles') }}
),

records as (
    select * from {{ ref('identity_records') }}
),

identifiers as (
    select * from {{ ref('identity_identifiers') }}
    where identifier_type in ('email', 'phone')
),

suppressed_identifiers as (
    select * from {{ ref('identity_suppressed_identifiers') }}
),

numbered as (
    select
        records.record_number,
        profiles.*
    from profiles
    inner join records
        on
            profiles.source_name = records.source_name
            and profiles.source_record_id = records.source_record_id
),

-- what came to the record last and isn't everybody's
contacts as (
    select
        identifiers.*,
        row_number() over (
            partition by identifiers.record_number, identifiers.identifier_type
            order by identifiers.observed_at desc, identifiers.identifier_value
        ) as recency_rank
    from identifiers
    inner join numbered
        on identifiers.record_number = numbered.record_number
    left join suppressed_identifiers
        on
            identifiers.identifier_type = suppressed_identifiers.identifier_type
            and identifiers.identifier_value = suppressed_identifiers.identifier_value
    where suppressed_identifiers.identifier_value is null
),

reached as (
    select
        record_number,
        max(case when identifier_type = 'email' then identifier_value end) as email,
        max(case when identifier_type = 'phone' then identifier_value end) as phone,
        max(observed_at) as reached_at
    from contacts
    where recency_rank = 1
    group by record_number
),

compared as (
    select
        numbered.record_number,
        {{ latest('coalesce(numbered.updated_at, numbered.created_at, numbered.loaded_at)', 'reached.reached_at') }}
            as known_at,
        {{ comparable_text('numbered.first_name') }} as first_name,
        {{ comparable_text('numbered.last_name') }} as last_name,
        cast(numbered.birth_date as {{ text }}) as birth_date,
        reached.email,
        reached.phone,
        nullif(upper(replace(numbered.postcode, ' ', '')), '') as postcode,
        {{ comparable_text('numbered.city') }} as city,
        {{ comparable_text('numbered.address') }} as address
    from numbered
    left join reached
        on numbered.record_number = reached.record_number
),

final as (
    select
        *,
        substring(first_name, 1, 1) as first_initial,
        substring(first_name, 1, 3) as first_name_start,
        substring(last_name, 1, 3) as last_name_start,
        nullif(translate(first_name, 'aeiouyh ', ''), '') as first_name_consonants,
        nullif(translate(last_name, 'aeiouyh ', ''), '') as last_name_consonants,
        case
            when first_name < last_name then {{ dbt.concat(['first_name', "' '", 'last_name']) }}
            else {{ dbt.concat(['last_name', "' '", 'first_name']) }}
        end as names_sorted,
        case
            when substring(first_name, 1, 3) < substring(last_name, 1, 3)
                then {{ dbt.concat(['substring(first_name, 1, 3)', "' '", 'substring(last_name, 1, 3)']) }}
            else {{ dbt.concat(['substring(last_name, 1, 3)', "' '", 'substring(first_name, 1, 3)']) }}
        end as name_starts_sorted,
        substring(birth_date, 1, 4) as birth_year,
        substring(birth_date, 1, 7) as birth_month,
        substring(birth_date, 6) as birth_day,
        split_part(email, '@', 1) as email_user,
        right(phone, 7) as phone_end,
        substring(address, 1, 8) as address_start
    from compared
    where
        first_name is not null
        or last_name is not null
        or birth_date is not null
)

select * from final
