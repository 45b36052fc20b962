-- One row per identifier of a subscriber: e-mail, phone, the device that gets push messages, the crm profile.
-- Each is raw text, seen since they subscribed; one that is missing has no row.
{% set columns = {
    'customer_number': 'profile_id',
    'email': 'email',
    'phone': 'phone',
    'device_id': 'push_device_id',
} %}

with

subscribers as (
    select * from {{ source('messages', 'subscribers') }}
),

final as (
    {%- for identifier_type, column in columns.items() %}
    select
        subscriber_id as source_record_id,
        '{{ identifier_type }}' as identifier_type,
        {{ column }} as identifier_value,
        subscribed_at as observed_at,
        loaded_at
    from subscribers
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
    'raw_messages.subscribers' as loaded_from
from final
