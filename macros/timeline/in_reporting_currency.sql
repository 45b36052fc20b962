{#
    SQL: an amount of an event in the reporting currency; its rate is of the day that it happened on.

    Usage:   {{ in_reporting_currency('unit_price') }}
#}
{% macro in_reporting_currency(column) -%}
    cast({{ column }} * reporting_rate as {{ column_type('amount') }})
{%- endmacro %}
