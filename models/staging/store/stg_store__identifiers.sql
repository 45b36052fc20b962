-- One row per identifier of a loyalty card: its own number, and the e-mail and phone of its holder.
-- Each is raw text, seen since the card was issued; one that is missing has no row.
{% set columns = {
    'loyalty_id': 'card_number',
    'email': 'holder_email',
    'phone': 'holder_phone',
} %}

with

cards as (
    select * from {{ source('store', 'cards') }}
),

final as (
    {%- for identifier_type, column in columns.items() %}
    select
        card_number as source_record_id,
        '{{ identifier_type }}' as identifier_type,
        {{ column }} as identifier_value,
        issued_at as observed_at,
        loaded_at
    from cards
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
    'raw_store.cards' as loaded_from
from final
