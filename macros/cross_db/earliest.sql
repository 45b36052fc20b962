{#
    The earlier of two moments; a null counts for nothing, so it is null only when both are.

    Usage:   {{ earliest('occurred_at', 'loaded_at') }}
#}
{% macro earliest(first, second) %}
    {{- adapter.dispatch('earliest', 'regulars')(first, second) -}}
{% endmacro %}

{% macro duckdb__earliest(first, second) -%}
    least({{ first }}, {{ second }})
{%- endmacro %}

{% macro snowflake__earliest(first, second) -%}
    least_ignore_nulls({{ first }}, {{ second }})
{%- endmacro %}
