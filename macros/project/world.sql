{#
    A setting of the world that this target builds (var `worlds` in dbt_project.yml).

    Usage:   {{ world('reporting_currency') }}
#}
{% macro world(setting) %}
    {% if target.name not in var('worlds') %}
        {% do exceptions.raise_compiler_error(
            "Target '" ~ target.name ~ "' has no entry in the var `worlds` of dbt_project.yml: add one."
        ) %}
    {% endif %}
    {{ return(var('worlds')[target.name][setting]) }}
{% endmacro %}
