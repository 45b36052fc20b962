{#
    A text without anything but its digits.

    Usage:   {{ digits_only('phone') }}  →  '4930123456' for '+49 30 123-456'
#}
{% macro digits_only(column) %}
    {{- adapter.dispatch('digits_only', 'regulars')(column) -}}
{% endmacro %}

{% macro duckdb__digits_only(column) -%}
    regexp_replace({{ column }}, '[^0-9]', '', 'g')
{%- endmacro %}

{% macro snowflake__digits_only(column) -%}
    regexp_replace({{ column }}, '[^0-9]', '')
{%- endmacro %}
