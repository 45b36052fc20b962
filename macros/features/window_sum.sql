{#
    SQL: the sum of a column over the days of a window; a window of 7 days holds ages 0 to 6.
    Narrow types, since a matrix has hundreds of such columns.

    Usage:   {{ window_sum('purchases_count', 30) }}, {{ window_sum('revenue_amount', 30, 'amount') }}
#}
{% macro window_sum(column, days, type='integer') -%}
    cast(sum(case when age_days < {{ days }} then {{ column }} else 0 end) as {{ column_type(type) }})
{%- endmacro %}
