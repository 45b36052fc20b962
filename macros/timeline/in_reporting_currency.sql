{#
    SQL: an amount of an event in the reporting currency; its rate is of the day that it happened on.
    Multiplied with room to spare: of two decimals of 18 digits DuckDB makes one of 18, which 100 overflows.

    Usage:   {{ in_reporting_currency('unit_price') }}
#}
{% macro in_reporting_currency(column) -%}
    cast(cast({{ column }} as {{ column_type('total') }}) * reporting_rate as {{ column_type('amount') }})
{%- endmacro %}
