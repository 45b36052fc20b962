-- One row per identifier of a crm contact: its e-mail, phone and loyalty number.
-- Each is raw text, seen since the contact was created; one that is missing has no row.

with

contacts as (
    select * from {{ source('crm', 'contacts') }}
),

emails as (
    select
        contact_id,
        'email' as identifier_type,
        email as identifier_value,
        created_at,
        loaded_at
    from contacts
    where email is not null
),

phones as (
    select
        contact_id,
        'phone' as identifier_type,
        phone as identifier_value,
        created_at,
        loaded_at
    from contacts
    where phone is not null
),

loyalty_numbers as (
    select
        contact_id,
        'loyalty_id' as identifier_type,
        loyalty_number as identifier_value,
        created_at,
        loaded_at
    from contacts
    where loyalty_number is not null
),

unioned as (
    select * from emails
    union all
    select * from phones
    union all
    select * from loyalty_numbers
),

final as (
    select
        contact_id as source_record_id,
        cast(identifier_type as {{ dbt.type_string() }}) as identifier_type,
        identifier_value,
        cast(created_at as {{ column_type('timestamp') }}) as observed_at,
        cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
        'raw_crm.contacts' as loaded_from
    from unioned
)

select
    source_record_id,
    identifier_type,
    identifier_value,
    observed_at,
    loaded_at,
    loaded_from
from final
