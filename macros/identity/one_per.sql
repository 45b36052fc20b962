{#
    SQL: whether there is one identifier of each row's type per one of these
    (var identity_identifier_types, one_per).

    Usage:   {{ one_per(['person', 'record']) }}  →  identifier_type in ('customer_number', 'account_id')
#}
{% macro one_per(of) -%}
    {%- set found = [] -%}
    {%- for identifier_type, settings in var('identity_identifier_types').items() -%}
        {%- set said = settings.get('one_per') -%}
        {%- if said and said not in ['person', 'record'] -%}
            {% do exceptions.raise_compiler_error(
                "The var identity_identifier_types says one_per: " ~ said ~ " of " ~ identifier_type
                ~ ": write person, record, or nothing."
            ) %}
        {%- endif -%}
        {%- if said in of %}{% do found.append("'" ~ identifier_type ~ "'") %}{% endif -%}
    {%- endfor -%}
    {{ 'identifier_type in (' ~ found | join(', ') ~ ')' if found else '1 = 0' }}
{%- endmacro %}
