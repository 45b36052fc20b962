{#
    SQL: whether there is one identifier of each row's type per one of these
    (var identity_identifier_types, one_per).

    Usage:   {{ one_per(['person', 'record']) }}  →  (identifier_type in ('customer_number', 'account_id'))
#}
{% macro one_per(of) -%}
    {%- set types = var('identity_identifier_types') -%}
    {%- set found, conditions = [], [] -%}
    {%- for identifier_type, settings in types.items() -%}
        {%- set said = settings.get('one_per') -%}
        {%- if said and said not in ['person', 'record'] -%}
            {% do exceptions.raise_compiler_error(
                "The var identity_identifier_types says one_per: " ~ said ~ " of " ~ identifier_type
                ~ ": write person, record, or nothing."
            ) %}
        {%- endif -%}
        {%- if said in of and identifier_type != 'other' %}{% do found.append(identifier_type) %}{% endif -%}
    {%- endfor -%}
    {%- if found %}
        {%- do conditions.append("identifier_type in ('" ~ found | join("', '") ~ "')") -%}
    {% endif -%}
    {%- if types['other'].get('one_per') in of %}
        {%- set named = types.keys() | reject('equalto', 'other') | join("', '") -%}
        {%- do conditions.append("identifier_type not in ('" ~ named ~ "')") -%}
    {% endif -%}
    {{ '(' ~ conditions | join(' or ') ~ ')' if conditions else '1 = 0' }}
{%- endmacro %}
