-- One row per person record. None says when it was made: all were known when they were loaded.
{% set text = column_type('text') %}

with

records as (
    select * from {{ source('glue', 'glue') }}
),

final as (
    select
        record_id as source_record_id,
        first_name,
        last_name,
        {{ dbt.safe_cast('birth_date', column_type('date')) }} as birth_date,
        email,
        phone,
        address,
        city,
        postcode,
        cast(null as {{ text }}) as country,
        loaded_at as created_at,
        loaded_at as updated_at,
        cast(null as {{ text }}) as attributes,
        loaded_at,
        loaded_from
    from records
)

select * from final
