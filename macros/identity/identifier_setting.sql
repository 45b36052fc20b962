{#
    SQL: a setting of each row's identifier_type (var identity_identifier_types), `other` for
    types that aren't named there.

    Usage:   {{ identifier_setting('records_cap') }}  →  case when identifier_type = 'email' then 20 … end
#}
{% macro identifier_setting(setting) -%}
    {%- set types = var('identity_identifier_types') -%}
    case
        {%- for identifier_type, settings in types.items() if identifier_type != 'other' %}
        when identifier_type = '{{ identifier_type }}' then {{ settings[setting] | string | lower }}
        {%- endfor %}
        when true then {{ types['other'][setting] | string | lower }}
    end
{%- endmacro %}
