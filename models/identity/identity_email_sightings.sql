-- One row per sighting of an e-mail address on a record, cleaned by the rules of its provider
-- (var identity_email_rules).
-- depends_on: {{ ref('gate_inputs') }}

{{ config(materialized='view') }}

{% set rules = var('identity_email_rules') %}

with

identifiers as (
    select * from {{ ref('input_identifiers') }}
    where identifier_type = 'email'
),

typed as (
    select
        source_name,
        source_record_id,
        observed_at,
        lower(trim(identifier_value)) as typed_value,
        split_part(lower(trim(identifier_value)), '@', 1) as local_part,
        split_part(lower(trim(identifier_value)), '@', 2) as mail_domain
    from identifiers
),

-- what is behind a plus belongs to the same mailbox
untagged as (
    select
        *,
        {{ "coalesce(nullif(split_part(local_part, '+', 1), ''), local_part)" if rules['plus_tags'] else 'local_part' }}
            as mailbox
    from typed
),

final as (
    select
        source_name,
        source_record_id,
        observed_at,
        typed_value,
        mailbox,
        case
            when mail_domain = '' then local_part
            else {{ dbt.concat([
                "case when mail_domain in ('" ~ rules['dots_ignored'] | join("', '") ~ "') then replace(mailbox, '.', '') else mailbox end",
                "'@'",
                email_domain('mail_domain'),
            ]) }}
        end as email
    from untagged
)

select * from final
