{#
    SQL: a setting of each row's identifier_type (var identity_identifier_types), `other` for
    types that aren't named there.

    Usage:   {{ identifier_setting('records_cap') }}  →  case when identifier_type = 'email' then 20 … end
#}
{% macro identifier_setting(setting) -%}
    {%- set types = var('identity_identifier_types') -%}
    {%- for identifier_type, settings in types.items() if execute and setting not in settings -%}
        {% do exceptions.raise_compiler_error(
            "The var identity_identifier_types says no " ~ setting ~ " of " ~ identifier_type ~ ": add it."
        ) %}
    {%- endfor -%}
    case
        {%- for identifier_type, settings in types.items() if identifier_type != 'other' %}
        when identifier_type = '{{ identifier_type }}' then {{ settings[setting] | string | lower }}
        {%- endfor %}
        when true then {{ types['other'][setting] | string | lower }}
    end
{%- endmacro %}
