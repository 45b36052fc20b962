-- One row per crm contact, as the crm holds it now.
-- What the contact is known by (e-mail, phone, loyalty number) is in stg_crm__identifiers too.

with

contacts as (
    select * from {{ source('crm', 'contacts') }}
),

final as (
    select
        -- ids
        contact_id as source_record_id,

        -- who
        first_name,
        last_name,
        cast(birth_date as {{ column_type('date') }}) as birth_date,
        email,
        phone,

        -- where
        street as address,
        city,
        postcode,
        country,

        -- when
        cast(created_at as {{ column_type('timestamp') }}) as created_at,
        cast(updated_at as {{ column_type('timestamp') }}) as updated_at,

        -- the rest
        cast(null as {{ dbt.type_string() }}) as attributes,
        cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
        'raw_crm.contacts' as loaded_from
    from contacts
)

select
    source_record_id,
    first_name,
    last_name,
    birth_date,
    email,
    phone,
    address,
    city,
    postcode,
    country,
    created_at,
    updated_at,
    attributes,
    loaded_at,
    loaded_from
from final
