-- One row per sighting of a phone number on a record, in international form by the country of the record.
-- A record without a known country keeps its digits (var identity_default_country).
-- depends_on: {{ ref('gate_inputs') }}

{{ config(materialized='view') }}

{% set text, default_country = column_type('text'), var('identity_default_country') %}

with

identifiers as (
    select * from {{ ref('input_identifiers') }}
    where identifier_type = 'phone'
),

profiles as (
    select
        source_name,
        source_record_id,
        nullif(upper(trim(country)), '') as country
    from {{ ref('input_profiles') }}
),

phone_countries as (
    select * from {{ ref('phone_countries') }}
),

typed as (
    select
        identifiers.source_name,
        identifiers.source_record_id,
        identifiers.observed_at,
        trim(identifiers.identifier_value) as typed_value,
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
        on phone_countries.country = coalesce(profiles.country, '{{ default_country }}')
),

final as (
    select
        source_name,
        source_record_id,
        observed_at,
        digits,
        case
            when typed_value like '+%' then {{ dbt.concat(["'+'", 'digits']) }}
            when digits like '00%' then {{ dbt.concat(["'+'", 'substring(digits, 3)']) }}
            when calling_code is null then digits
            -- written with the country's code, but without a plus
            when digits like {{ dbt.concat(['calling_code', "'%'"]) }} and length(digits) > 10
                then {{ dbt.concat(["'+'", 'digits']) }}
            when trunk_prefix <> '' and digits like {{ dbt.concat(['trunk_prefix', "'%'"]) }}
                then {{ dbt.concat(["'+'", 'calling_code', 'substring(digits, length(trunk_prefix) + 1)']) }}
            else {{ dbt.concat(["'+'", 'calling_code', 'digits']) }}
        end as phone
    from typed
)

select * from final
