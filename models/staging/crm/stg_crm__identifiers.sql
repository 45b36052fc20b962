-- One row per identifier of a version of a crm profile, or of a lead.
-- Each is raw text, seen since that version was written; one that is missing has no row.
{% set text = dbt.type_string() %}
{% set of_profiles = {
    'customer_number': 'profile_id',
    'email': 'email',
    'phone': 'phone',
    'loyalty_id': 'loyalty_number',
} %}

with

profiles as (
    select * from {{ source('crm', 'profiles') }}
),

leads as (
    select * from {{ source('crm', 'leads') }}
),

final as (
    {%- for identifier_type, column in of_profiles.items() %}
    select
        profile_id as source_record_id,
        '{{ identifier_type }}' as identifier_type,
        {{ column }} as identifier_value,
        updated_at as observed_at,
        loaded_at,
        'raw_crm.profiles' as loaded_from
    from profiles
    where {{ column }} is not null
    union all
    {%- endfor %}
    {%- for column in ['email', 'phone'] %}
    select
        lead_id as source_record_id,
        '{{ column }}' as identifier_type,
        {{ column }} as identifier_value,
        created_at as observed_at,
        loaded_at,
        'raw_crm.leads' as loaded_from
    from leads
    where {{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    source_record_id,
    cast(identifier_type as {{ text }}) as identifier_type,
    identifier_value,
    cast(observed_at as {{ column_type('timestamp') }}) as observed_at,
    cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
    loaded_from
from final
