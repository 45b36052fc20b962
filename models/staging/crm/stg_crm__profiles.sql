-- One row per version of a crm profile, and one per lead.
-- What they are known by (e-mail, phone, loyalty number) is in stg_crm__identifiers too.
{% set text = dbt.type_string() %}

with

profiles as (
    select * from {{ source('crm', 'profiles') }}
),

leads as (
    select * from {{ source('crm', 'leads') }}
),

known as (
    select
        profile_id as source_record_id,
        first_name,
        last_name,
        birth_date,
        email,
        phone,
        street,
        city,
        postcode,
        country,
        created_at,
        updated_at,
        loaded_at,
        'raw_crm.profiles' as loaded_from
    from profiles
),

new as (
    select
        lead_id as source_record_id,
        first_name,
        last_name,
        cast(null as {{ column_type('date') }}) as birth_date,
        email,
        phone,
        cast(null as {{ text }}) as street,
        cast(null as {{ text }}) as city,
        cast(null as {{ text }}) as postcode,
        cast(null as {{ text }}) as country,
        created_at,
        created_at as updated_at,
        loaded_at,
        'raw_crm.leads' as loaded_from
    from leads
),

final as (
    select * from known
    union all
    select * from new
)

select
    source_record_id,
    first_name,
    last_name,
    cast(birth_date as {{ column_type('date') }}) as birth_date,
    email,
    phone,
    street as address,
    city,
    postcode,
    country,
    cast(created_at as {{ column_type('timestamp') }}) as created_at,
    cast(updated_at as {{ column_type('timestamp') }}) as updated_at,
    cast(null as {{ text }}) as attributes,
    cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
    loaded_from
from final
