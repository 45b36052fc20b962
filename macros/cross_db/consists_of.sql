{#
    SQL: whether a text has no other signs than these; null for null.

    Usage:   {{ consists_of('lower(last_name)', 'a-z0-9 ') }}
#}
{% macro consists_of(text, signs) %}
    {{- adapter.dispatch('consists_of', 'regulars')(text, signs) -}}
{% endmacro %}

{% macro duckdb__consists_of(text, signs) -%}
    regexp_full_match({{ text }}, '[{{ signs }}]*')
{%- endmacro %}

{# its regexp_like looks at the whole text #}
{% macro snowflake__consists_of(text, signs) -%}
    regexp_like({{ text }}, '[{{ signs }}]*')
{%- endmacro %}
