-- One row per identifier that too many records share (var identity_identifier_types): it ties nobody.
-- A call centre's number on a thousand forms is no tie between a thousand people.

{% set types = var('identity_identifier_types') %}

with

identifiers as (
    select * from {{ ref('identity_identifiers') }}
),

counted as (
    select
        identifier_type,
        identifier_value,
        count(*) as records_count,
        case
            {%- for identifier_type, settings in types.items() if identifier_type != 'other' %}
            when identifier_type = '{{ identifier_type }}' then {{ settings['records_cap'] }}
            {%- endfor %}
            when true then {{ types['other']['records_cap'] }}
        end as records_cap
    from identifiers
    group by identifier_type, identifier_value
),

final as (
    select
        identifier_type,
        identifier_value,
        records_count,
        records_cap
    from counted
    where records_count > records_cap
)

select * from final
