-- One row per person record; a date of birth that is none (19560231) is null.
-- None says when it was made: all were known when they were loaded.
{% set text = column_type('text') %}

with

records as (
    select * from {{ source('er_febrl3', 'er_febrl3') }}
),

dated as (
    select
        *,
        {{ dbt.concat([
            'substring(trim(date_of_birth), 1, 4)', "'-'",
            'substring(trim(date_of_birth), 5, 2)', "'-'",
            'substring(trim(date_of_birth), 7, 2)',
        ]) }} as dashed_date
    from records
),

final as (
    select
        rec_id as source_record_id,
        given_name as first_name,
        surname as last_name,
        {{ dbt.safe_cast('dashed_date', column_type('date')) }} as birth_date,
        cast(null as {{ text }}) as email,
        cast(null as {{ text }}) as phone,
        nullif(trim({{ dbt.concat(["coalesce(trim(street_number), '')", "' '", "coalesce(trim(address_1), '')"]) }}), '')
            as address,
        suburb as city,
        postcode,
        cast(null as {{ text }}) as country,
        loaded_at as created_at,
        loaded_at as updated_at,
        cast(null as {{ text }}) as attributes,
        loaded_at,
        loaded_from
    from dated
)

select * from final
