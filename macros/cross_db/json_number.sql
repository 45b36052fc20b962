{#
    A number out of a JSON object that is kept as text, or null: null where the key is
    missing. An empty text is an error on DuckDB, and null on Snowflake.

    Usage:   {{ json_number('metrics', 'base_rate') }}
#}
{% macro json_number(column, key) %}
    {{- adapter.dispatch('json_number', 'regulars')(column, key) -}}
{% endmacro %}

{% macro duckdb__json_number(column, key) -%}
    cast(json_extract_string({{ column }}, '$.{{ key }}') as double)
{%- endmacro %}

{% macro snowflake__json_number(column, key) -%}
    cast(get_path(parse_json({{ column }}), '{{ key }}') as double)
{%- endmacro %}
