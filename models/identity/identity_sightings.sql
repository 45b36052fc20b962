-- One row per sighting of an identifier on a record, cleaned so that equal means the same, without junk.
-- Junk is what the seed junk_identifiers names, the word null, and one sign over and over such as 0000000.
-- depends_on: {{ ref('gate_inputs') }}

{{ config(materialized='view') }}

{% set text = column_type('text') %}

with

emails as (
    select * from {{ ref('identity_email_sightings') }}
),

phones as (
    select * from {{ ref('identity_phone_sightings') }}
),

others as (
    select * from {{ ref('input_identifiers') }}
    where identifier_type not in ('email', 'phone')
),

junk as (
    select * from {{ ref('junk_identifiers') }}
),

cleaned as (
    select
        source_name,
        source_record_id,
        observed_at,
        'email' as identifier_type,
        email as identifier_value,
        typed_value as compared_value,
        mailbox
    from emails

    union all

    select
        source_name,
        source_record_id,
        observed_at,
        'phone' as identifier_type,
        phone as identifier_value,
        digits as compared_value,
        null as mailbox
    from phones

    union all

    select
        source_name,
        source_record_id,
        observed_at,
        identifier_type,
        trim(identifier_value) as identifier_value,
        lower(trim(identifier_value)) as compared_value,
        null as mailbox
    from others
),

-- a case keeps engines from testing each row before it is cleaned, and cleaning it for every test
judged as (
    select
        cleaned.*,
        case
            when junk_values.identifier_value is not null or junk_mailboxes.identifier_value is not null then true
            -- nobody's mailbox
            when cleaned.identifier_type = 'email' and cleaned.identifier_value like '@%' then true
            else cleaned.compared_value = '' or {{ says_nothing('cleaned.compared_value') }}
        end as is_junk
    from cleaned
    left join junk as junk_values
        on
            cleaned.compared_value = cast(junk_values.identifier_value as {{ text }})
            and junk_values.identifier_type in (cleaned.identifier_type, 'any')
            and junk_values.match_on = 'value'
    left join junk as junk_mailboxes
        on
            cleaned.mailbox = cast(junk_mailboxes.identifier_value as {{ text }})
            and junk_mailboxes.match_on = 'mailbox'
),

final as (
    select
        source_name,
        source_record_id,
        observed_at,
        identifier_type,
        identifier_value
    from judged
    where not is_junk
)

select * from final
