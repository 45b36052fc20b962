{#
    SQL: an array of expressions, in the order given. None may be null: Snowflake keeps such a one
    as "undefined", which is no JSON.

    Usage:   {{ array_of(['a', 'b']) }}
#}
{% macro array_of(expressions) %}
    {{- adapter.dispatch('array_of', 'regulars')(expressions) -}}
{% endmacro %}

{% macro duckdb__array_of(expressions) -%}
    list_value({{ expressions | join(',\n            ') }})
{%- endmacro %}

{% macro snowflake__array_of(expressions) -%}
    array_construct({{ expressions | join(',\n            ') }})
{%- endmacro %}
