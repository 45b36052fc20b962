-- One row per identifier of a cookie or device: itself, and each time that another account logged in on it.
-- Seen since the hit that shows it; a hit whose clock is ahead shows nothing before it.

with

hits as (
    select
        *,
        coalesce(cookie_id, device_id) as source_record_id
    from {{ source('web', 'hits') }}
    where coalesce(cookie_id, device_id) is not null
),

of_browsers as (
    {%- for identifier_type in ['cookie_id', 'device_id'] %}
    select
        source_record_id,
        '{{ identifier_type }}' as identifier_type,
        {{ identifier_type }} as identifier_value,
        min(hit_at) as observed_at,
        min(loaded_at) as loaded_at
    from hits
    where {{ identifier_type }} is not null
    group by
        source_record_id,
        {{ identifier_type }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

logged_in as (
    select
        *,
        lag(account_id) over (partition by source_record_id order by hit_at, account_id, hit_id) as last_account_id
    from hits
    where account_id is not null
),

of_accounts as (
    select
        source_record_id,
        'account_id' as identifier_type,
        account_id as identifier_value,
        hit_at as observed_at,
        loaded_at
    from logged_in
    where
        last_account_id is null
        or last_account_id <> account_id
),

final as (
    select * from of_browsers
    union all
    select * from of_accounts
)

select
    source_record_id,
    cast(identifier_type as {{ dbt.type_string() }}) as identifier_type,
    identifier_value,
    cast(observed_at as {{ column_type('timestamp') }}) as observed_at,
    cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
    'raw_web.hits' as loaded_from
from final
