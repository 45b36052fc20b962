-- One row per offer: so much off everything in a category, for some days.

with

offers as (
    select * from {{ source('messages', 'offers') }}
),

final as (
    select
        offer_id,
        offer_name,
        cast(valid_from as {{ column_type('timestamp') }}) as valid_from,
        cast(valid_to as {{ column_type('timestamp') }}) as valid_to,
        {{ json_row({'category': 'text'}) }} as rule,
        cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
        'raw_messages.offers' as loaded_from
    from offers
)

select
    offer_id,
    offer_name,
    valid_from,
    valid_to,
    rule,
    loaded_at,
    loaded_from
from final
