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

{#
    SQL: the last whole day that is known, with the var too an aggregate over events: one row.
    The newest day of events may still be running, so without the var it is the day before that.

    Usage:   select {{ last_known_day('occurred_at') }} as as_of_date from events
#}
{% macro last_known_day(column) -%}
    {% if as_of_date() -%}
        max({{ as_of_date() }})
    {%- else -%}
        cast({{ dbt.dateadd('day', -1, 'max(cast(' ~ column ~ ' as date))') }} as date)
    {%- endif %}
{%- endmacro %}
