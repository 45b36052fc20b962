{#
    Some columns of a row as JSON text, nulls kept, in the order given.

    Usage:   {{ json_row(['email', 'created_at']) }}  →  '{"email": …, "created_at": …}'
#}
{% macro json_row(columns) %}
    {{- adapter.dispatch('json_row', 'regulars')(columns) -}}
{% endmacro %}

{% macro duckdb__json_row(columns) -%}
    cast(json_object({% for column in columns %}'{{ column }}', {{ column }}{{ ', ' if not loop.last }}{% endfor %}) as varchar)
{%- endmacro %}

{% macro snowflake__json_row(columns) -%}
    to_json(object_construct_keep_null({% for column in columns %}'{{ column }}', {{ column }}{{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}
