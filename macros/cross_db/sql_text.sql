{#
    A text as a SQL literal, whatever it holds.

    Usage:   {{ sql_text("it's") }}  →  'it''s'
#}
{% macro sql_text(text) %}
    {{- adapter.dispatch('sql_text', 'regulars')(text) -}}
{% endmacro %}

{% macro duckdb__sql_text(text) -%}
    '{{ text | replace("'", "''") }}'
{%- endmacro %}

{# a backslash begins an escape there #}
{% macro snowflake__sql_text(text) -%}
    '{{ text | replace("\\", "\\\\") | replace("'", "''") }}'
{%- endmacro %}
