{#
    A text out of a JSON list of objects that is kept as text, or null: null where the list is
    shorter or the key is missing. An empty text is an error on DuckDB, and null on Snowflake.

    Arguments:  place  which object, from 0
    Usage:      {{ json_item('reasons', 0, 'feature') }}
#}
{% macro json_item(column, place, key) %}
    {{- adapter.dispatch('json_item', 'regulars')(column, place, key) -}}
{% endmacro %}

{% macro duckdb__json_item(column, place, key) -%}
    json_extract_string({{ column }}, '$[{{ place }}].{{ key }}')
{%- endmacro %}

{% macro snowflake__json_item(column, place, key) -%}
    cast(get_path(parse_json({{ column }}), '[{{ place }}].{{ key }}') as varchar)
{%- endmacro %}
