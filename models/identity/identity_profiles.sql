-- One row per person record: its customer, and its values made ready to be compared; blank is missing.
-- A last resort: junk (seed junk_identifiers, as in identity_sightings), a group without its first column.
-- depends_on: {{ ref('gate_inputs') }}

{% set text = column_type('text') %}

with

profiles as (
    select * from {{ ref('input_profiles') }}
),

identity_map as (
    select * from {{ ref('identity_map') }}
    where valid_to is null
),

junk as (
    select * from {{ ref('junk_identifiers') }}
),

junk_emails as (
    select distinct cast(identifier_value as {{ text }}) as junk_value
    from junk
    where match_on = 'value' and identifier_type in ('email', 'any')
),

junk_mailboxes as (
    select distinct cast(identifier_value as {{ text }}) as junk_value
    from junk
    where match_on = 'mailbox'
),

junk_phones as (
    select distinct cast(identifier_value as {{ text }}) as junk_value
    from junk
    where match_on = 'value' and identifier_type in ('phone', 'any')
),

owners as (
    select
        source_name,
        source_record_id,
        customer_id,
        linked_at
    from identity_map
),

records as (
    select
        owners.customer_id,
        profiles.source_name,
        profiles.source_record_id,
        {%- for column in survivorship() | map(attribute='columns') | sum(start=[]) %}
        nullif(trim(cast(profiles.{{ column }} as {{ text }})), '') as {{ column }},
        {%- endfor %}
        {{ digits_only("replace(profiles.phone, '(0)', '')") }} as digits,
        coalesce(profiles.updated_at, profiles.created_at, profiles.loaded_at) as updated_at,
        owners.linked_at
    from profiles
    inner join owners
        on
            profiles.source_name = owners.source_name
            and profiles.source_record_id = owners.source_record_id
),

-- a group is compared as a whole; what is written with other signs is the same phone number
compared as (
    select
        *,
        {%- for group in survivorship() %}
        {{ compared_text(group.columns) }} as {{ group.name }}_compared,
        {%- endfor %}
        split_part(split_part(lower(email), '@', 1), '+', 1) as mailbox
    from records
),

judged as (
    select
        compared.*,
        junk_emails.junk_value is not null
        or junk_mailboxes.junk_value is not null
        or {{ says_nothing('lower(compared.email)') }} as email_is_junk,
        junk_phones.junk_value is not null
        or compared.digits = ''
        or {{ says_nothing('compared.digits') }} as phone_is_junk
    from compared
    left join junk_emails
        on lower(compared.email) = junk_emails.junk_value
    left join junk_mailboxes
        on compared.mailbox = junk_mailboxes.junk_value
    left join junk_phones
        on compared.digits = junk_phones.junk_value
),

final as (
    select
        customer_id,
        source_name,
        source_record_id,
        {%- for group in survivorship() %}
        {%- for column in group.columns %}
        {{ column }},
        {%- endfor %}
        {{ group.name }}_compared,
        {{ group.name }} is null
        {%- for column in group.columns if column in ['email', 'phone'] %}
        or coalesce({{ column }}_is_junk, false)
        {%- endfor %} as {{ group.name }}_is_last_resort,
        {%- endfor %}
        updated_at,
        {{ latest('updated_at', 'linked_at') }} as known_at
    from judged
)

select * from final
