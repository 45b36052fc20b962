-- One row per person record. None says when it was made: all were known when they were loaded.
{% set text = column_type('text') %}

with

records as (
    select * from {{ source('er_fake_1000', 'er_fake_1000') }}
),

final as (
    select
        unique_id as source_record_id,
        first_name,
        surname as last_name,
        {{ dbt.safe_cast('dob', column_type('date')) }} as birth_date,
        email,
        cast(null as {{ text }}) as phone,
        cast(null as {{ text }}) as address,
        city,
        cast(null as {{ text }}) as postcode,
        cast(null as {{ text }}) as country,
        loaded_at as created_at,
        loaded_at as updated_at,
        cast(null as {{ text }}) as attributes,
        loaded_at,
        loaded_from
    from records
)

select * from final
