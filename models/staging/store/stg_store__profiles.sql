-- One row per loyalty card, with what its holder wrote on the form.
{% set text = dbt.type_string() %}

with

cards as (
    select * from {{ source('store', 'cards') }}
),

final as (
    select
        -- ids
        card_number as source_record_id,

        -- who
        holder_first_name as first_name,
        holder_last_name as last_name,
        cast(null as {{ column_type('date') }}) as birth_date,
        holder_email as email,
        holder_phone as phone,

        -- where
        cast(null as {{ text }}) as address,
        cast(null as {{ text }}) as city,
        holder_postcode as postcode,
        holder_country as country,

        -- when
        cast(issued_at as {{ column_type('timestamp') }}) as created_at,
        cast(issued_at as {{ column_type('timestamp') }}) as updated_at,

        -- the rest
        cast(null as {{ text }}) as attributes,
        cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
        'raw_store.cards' as loaded_from
    from cards
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
