-- One row per identifier of a shop account: its e-mail and loyalty number.
-- Each is raw text, seen since the account was registered; one that is missing has no row.

with

accounts as (
    select * from {{ source('shop', 'accounts') }}
),

emails as (
    select
        account_id,
        'email' as identifier_type,
        email as identifier_value,
        registered_at,
        loaded_at
    from accounts
    where email is not null
),

loyalty_numbers as (
    select
        account_id,
        'loyalty_id' as identifier_type,
        loyalty_number as identifier_value,
        registered_at,
        loaded_at
    from accounts
    where loyalty_number is not null
),

unioned as (
    select * from emails
    union all
    select * from loyalty_numbers
),

final as (
    select
        account_id as source_record_id,
        cast(identifier_type as {{ dbt.type_string() }}) as identifier_type,
        identifier_value,
        cast(registered_at as {{ column_type('timestamp') }}) as observed_at,
        cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
        'raw_shop.accounts' as loaded_from
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
