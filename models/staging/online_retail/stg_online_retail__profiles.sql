-- One row per customer and country that an invoice named, with the first and the last time.
-- A customer can move: the inputs layer takes the country that was seen last.

with

transactions as (
    select * from {{ source('online_retail', 'transactions') }}
),

lines as (
    select
        customer_id,
        country,
        {{ utc(dbt.safe_cast('invoice_date', column_type('timestamp')), 'Europe/London') }} as invoiced_at,
        loaded_at,
        sheet as loaded_from
    from transactions
    where customer_id is not null
),

final as (
    select
        -- ids
        customer_id as source_record_id,

        -- what the source doesn't know
        cast(null as {{ dbt.type_string() }}) as first_name,
        cast(null as {{ dbt.type_string() }}) as last_name,
        cast(null as {{ column_type('date') }}) as birth_date,
        cast(null as {{ dbt.type_string() }}) as email,
        cast(null as {{ dbt.type_string() }}) as phone,
        cast(null as {{ dbt.type_string() }}) as address,
        cast(null as {{ dbt.type_string() }}) as city,
        cast(null as {{ dbt.type_string() }}) as postcode,

        -- text
        country,

        -- timestamps
        min(invoiced_at) as created_at,
        max(invoiced_at) as updated_at,
        cast(null as {{ dbt.type_string() }}) as attributes,

        -- where from
        max(loaded_at) as loaded_at,
        max(loaded_from) as loaded_from
    from lines
    where {{ up_to_as_of_date('invoiced_at') }}
    group by customer_id, country
)

select * from final
