{#
    A local wall-clock timestamp as UTC. DuckDB takes an hour that comes twice for the second one, and
    one that never comes as if it did; of Snowflake that isn't known.

    Usage:   {{ utc('ordered_at', 'Europe/London') }}
    Result:  a timestamp without time zone, in UTC
#}
{% macro utc(column, time_zone) %}
    {{- adapter.dispatch('utc', 'regulars')(column, time_zone) -}}
{% endmacro %}

{% macro duckdb__utc(column, time_zone) -%}
    (({{ column }} at time zone '{{ time_zone }}') at time zone 'UTC')
{%- endmacro %}

{% macro snowflake__utc(column, time_zone) -%}
    convert_timezone('{{ time_zone }}', 'UTC', {{ column }})
{%- endmacro %}
