{#
    The var `as_of_date` as a SQL date, or none when it isn't set.

    Usage:   {% if as_of_date() %} … {{ as_of_date() }} … {% endif %}
#}
{% macro as_of_date() %}
    {% set day = var('as_of_date') %}
    {% if day is none %}
        {{ return(none) }}
    {% endif %}
    {% if not modules.re.match('^\d{4}-\d{2}-\d{2}$', day | string) %}
        {% do exceptions.raise_compiler_error(
            "The var as_of_date is '" ~ day ~ "': write it as yyyy-mm-dd."
        ) %}
    {% endif %}
    {{ return("cast('" ~ day ~ "' as date)") }}
{% endmacro %}
