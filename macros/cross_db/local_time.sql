{#
    SQL: a UTC timestamp as the wall clock of the time zone that a column names; UTC where it is null.

    Usage:   {{ local_time('occurred_at', 'time_zone') }}
#}
{% macro local_time(column, time_zone_column) %}
    {{- adapter.dispatch('local_time', 'regulars')(column, time_zone_column) -}}
{% endmacro %}

{% macro duckdb__local_time(column, time_zone_column) -%}
    timezone(coalesce({{ time_zone_column }}, 'UTC'), timezone('UTC', {{ column }}))
{%- endmacro %}

{% macro snowflake__local_time(column, time_zone_column) -%}
    convert_timezone('UTC', coalesce({{ time_zone_column }}, 'UTC'), {{ column }})
{%- endmacro %}
