-- One row per identifier of a cookie or device: itself, and each account that logged in on it.
-- Seen since the first hit that shows it; a hit whose clock is ahead shows nothing before it.
{% set columns = {'cookie_id': 'cookie_id', 'device_id': 'device_id', 'account_id': 'account_id'} %}

with

hits as (
    select * from {{ source('web', 'hits') }}
),

seen as (
    {%- for identifier_type, column in columns.items() %}
    select
        coalesce(cookie_id, device_id) as source_record_id,
        '{{ identifier_type }}' as identifier_type,
        {{ column }} as identifier_value,
        min(hit_at) as observed_at,
        min(loaded_at) as loaded_at
    from hits
    where
        {{ column }} is not null
        and coalesce(cookie_id, device_id) is not null
    group by
        coalesce(cookie_id, device_id),
        {{ column }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

final as (
    select
        source_record_id,
        cast(identifier_type as {{ dbt.type_string() }}) as identifier_type,
        identifier_value,
        cast(observed_at as {{ column_type('timestamp') }}) as observed_at,
        cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
        'raw_web.hits' as loaded_from
    from seen
)

select
    source_record_id,
    identifier_type,
    identifier_value,
    observed_at,
    loaded_at,
    loaded_from
from final
