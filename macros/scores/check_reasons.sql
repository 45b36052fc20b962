{#
    Refuses a var reasons that names no way to find them, before anybody is scored.

    Usage:   {% do check_reasons() %}
#}
{% macro check_reasons() %}
    {%- set ways = ['approximate', 'exact', 'none'] -%}
    {%- if var('reasons') not in ways -%}
        {% do exceptions.raise_compiler_error(
            "The var reasons is '" ~ var('reasons') ~ "': write " ~ ways | join(', ') ~ "."
        ) %}
    {%- endif -%}
{% endmacro %}
