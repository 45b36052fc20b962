-- One row per identifier of a shop account: its own id, e-mail, phone and loyalty number.
-- Each is raw text, seen since the account was registered; one that is missing has no row.
{% set columns = {
    'account_id': 'account_id',
    'email': 'email',
    'phone': 'phone',
    'loyalty_id': 'loyalty_number',
} %}

with

accounts as (
    select * from {{ source('shop', 'accounts') }}
),

final as (
    {%- for identifier_type, column in columns.items() %}
    select
        account_id as source_record_id,
        '{{ identifier_type }}' as identifier_type,
        {{ column }} as identifier_value,
        registered_at as observed_at,
        loaded_at
    from accounts
    where {{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    source_record_id,
    cast(identifier_type as {{ dbt.type_string() }}) as identifier_type,
    identifier_value,
    cast(observed_at as {{ column_type('timestamp') }}) as observed_at,
    cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
    'raw_shop.accounts' as loaded_from
from final
