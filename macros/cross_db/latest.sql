{#
    The later of two moments; a null counts for nothing, so it is null only when both are.

    Usage:   {{ latest('occurred_at', 'linked_at') }}
#}
{% macro latest(first, second) %}
    {{- adapter.dispatch('latest', 'regulars')(first, second) -}}
{% endmacro %}

{% macro duckdb__latest(first, second) -%}
    greatest({{ first }}, {{ second }})
{%- endmacro %}

{% macro snowflake__latest(first, second) -%}
    greatest_ignore_nulls({{ first }}, {{ second }})
{%- endmacro %}
