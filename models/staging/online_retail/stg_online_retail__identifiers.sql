-- One row per customer number that was on an invoice, at the moment of the first one.
-- The source knows nothing else of a person: no e-mail, no name.

with

transactions as (
    select * from {{ source('online_retail', 'transactions') }}
),

lines as (
    select
        customer_id,
        {{ utc(dbt.safe_cast('invoice_date', column_type('timestamp')), 'Europe/London') }} as invoiced_at,
        loaded_at,
        sheet as loaded_from
    from transactions
    where customer_id is not null
),

final as (
    select
        customer_id as source_record_id,
        'customer_number' as identifier_type,
        customer_id as identifier_value,
        min(invoiced_at) as observed_at,
        max(loaded_at) as loaded_at,
        max(loaded_from) as loaded_from
    from lines
    where {{ up_to_as_of_date('invoiced_at') }}
    group by customer_id
)

select * from final
