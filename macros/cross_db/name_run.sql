{#
    Tells a Python model, which sees no Jinja, which run it belongs to. A pre-hook; the model
    reads it with engine.run_id().

    Usage:   pre_hook: {sql: "{{ name_run() }}", transaction: false}
#}
{% macro name_run() %}
    {{- adapter.dispatch('name_run', 'regulars')() -}}
{% endmacro %}

{% macro duckdb__name_run() -%}
    set variable run_id = '{{ invocation_id }}'
{%- endmacro %}

{% macro snowflake__name_run() -%}
    set run_id = '{{ invocation_id }}'
{%- endmacro %}
