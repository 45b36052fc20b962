-- One row per (record, identifier type, identifier value), cleaned so that equal means the same.
-- Junk (seed junk_identifiers, and one sign over and over) links nobody, so it doesn't enter.
-- depends_on: {{ ref('gate_inputs') }}

{% set rules, default_country = var('identity_email_rules'), var('identity_default_country') %}
{% set text = column_type('text') %}

with

identifiers as (
    select * from {{ ref('input_identifiers') }}
),

profiles as (
    select * from {{ ref('input_profiles') }}
),

phone_countries as (
    select * from {{ ref('phone_countries') }}
),

junk as (
    select * from {{ ref('junk_identifiers') }}
),

typed as (
    select
        identifiers.source_name,
        identifiers.source_record_id,
        identifiers.identifier_type,
        identifiers.observed_at,
        trim(identifiers.identifier_value) as typed_value,
        split_part(lower(trim(identifiers.identifier_value)), '@', 1) as local_part,
        split_part(lower(trim(identifiers.identifier_value)), '@', 2) as mail_domain,
        -- the 0 of '+49 (0) 30' is for calls from within the country
        {{ digits_only("replace(identifiers.identifier_value, '(0)', '')") }} as digits,
        cast(phone_countries.calling_code as {{ text }}) as calling_code,
        coalesce(cast(phone_countries.trunk_prefix as {{ text }}), '') as trunk_prefix
    from identifiers
    left join profiles
        on
            identifiers.source_name = profiles.source_name
            and identifiers.source_record_id = profiles.source_record_id
    left join phone_countries
        on
            identifiers.identifier_type = 'phone'
            and phone_countries.country = coalesce(
                upper(trim(profiles.country)), '{{ default_country }}'
            )
),

-- what is behind a plus belongs to the same mailbox
untagged as (
    select
        *,
        {{ "coalesce(nullif(split_part(local_part, '+', 1), ''), local_part)" if rules['plus_tags'] else 'local_part' }}
            as mailbox,
        case when identifier_type = 'phone' then digits else lower(typed_value) end as compared_value
    from typed
),

cleaned as (
    select
        source_name,
        source_record_id,
        identifier_type,
        observed_at,
        mailbox,
        compared_value,
        case
            when identifier_type = 'email' and mail_domain <> ''
                then {{ dbt.concat([
                    "case when mail_domain in ('" ~ rules['dots_ignored'] | join("', '") ~ "') then replace(mailbox, '.', '') else mailbox end",
                    "'@'",
                    email_domain('mail_domain'),
                ]) }}
            when identifier_type = 'email' then local_part
            when identifier_type <> 'phone' then typed_value
            when typed_value like '+%' then {{ dbt.concat(["'+'", 'digits']) }}
            when digits like '00%' then {{ dbt.concat(["'+'", 'substring(digits, 3)']) }}
            when calling_code is null then digits
            -- written with the country's code, but without a plus
            when digits like {{ dbt.concat(['calling_code', "'%'"]) }} and length(digits) > 10
                then {{ dbt.concat(["'+'", 'digits']) }}
            when trunk_prefix <> '' and digits like {{ dbt.concat(['trunk_prefix', "'%'"]) }}
                then {{ dbt.concat(["'+'", 'calling_code', 'substring(digits, length(trunk_prefix) + 1)']) }}
            else {{ dbt.concat(["'+'", 'calling_code', 'digits']) }}
        end as identifier_value
    from untagged
),

-- one sign over and over, such as 0000000, is junk whatever it is
final as (
    select
        cleaned.source_name,
        cleaned.source_record_id,
        cleaned.identifier_type,
        cleaned.identifier_value,
        min(cleaned.observed_at) as observed_at
    from cleaned
    left join junk as junk_values
        on
            cleaned.compared_value = cast(junk_values.identifier_value as {{ text }})
            and junk_values.identifier_type in (cleaned.identifier_type, 'any')
            and junk_values.match_on = 'value'
    left join junk as junk_mailboxes
        on
            cleaned.mailbox = cast(junk_mailboxes.identifier_value as {{ text }})
            and cleaned.identifier_type = 'email'
            and junk_mailboxes.match_on = 'mailbox'
    where
        junk_values.identifier_value is null
        and junk_mailboxes.identifier_value is null
        and cleaned.compared_value <> ''
        and not {{ is_one_sign('cleaned.compared_value') }}
    group by cleaned.source_name, cleaned.source_record_id, cleaned.identifier_type, cleaned.identifier_value
)

select * from final
