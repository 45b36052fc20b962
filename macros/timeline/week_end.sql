{#
    SQL: the Sunday on which a date's week ends; weeks begin on Monday, as in ISO 8601.

    Usage:   {{ week_end('valid_from') }}  →  2024-06-02 for 2024-05-27 to 2024-06-02
#}
{% macro week_end(date) -%}
    cast({{ dbt.dateadd('day', 6, 'cast(' ~ dbt.date_trunc('week', date) ~ ' as date)') }} as date)
{%- endmacro %}

{#
    SQL: the last Sunday up to a date, the end of the last whole week.

    Usage:   {{ last_week_end('as_of_date') }}  →  2024-05-26 for 2024-05-27, 2024-06-02 for 2024-06-02
#}
{% macro last_week_end(date) -%}
    cast({{ dbt.dateadd('day', -7, week_end(dbt.dateadd('day', 1, date))) }} as date)
{%- endmacro %}
