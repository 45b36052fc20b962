{#
    True for rows that may be read: all of them, or, when the var `as_of_date` is
    set, those up to the end of that day. Rows without a time are read too, so that
    they reach quarantine.

    Usage:   where {{ up_to_as_of_date('occurred_at') }}
#}
{% macro up_to_as_of_date(column) -%}
    {% if as_of_date() -%}
        ({{ column }} is null or {{ column }} < {{ dbt.dateadd('day', 1, as_of_date()) }})
    {%- else -%}
        true
    {%- endif %}
{%- endmacro %}
