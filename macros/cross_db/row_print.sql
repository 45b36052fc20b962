{#
    SQL: a whole number that tells rows apart by these columns, nulls included: equal rows have equal
    prints, two unequal ones practically never; among a billion rows some two share one with a chance
    of 1 in 20. Another number on each engine, and it may change with the engine's version.

    Usage:   {{ row_print(['event_id', 'amount']) }}
#}
{% macro row_print(columns) %}
    {{- adapter.dispatch('row_print', 'regulars')(columns) -}}
{% endmacro %}

{# 63 of its 64 bits, so that it fits into a signed number #}
{% macro duckdb__row_print(columns) -%}
    cast(hash({{ columns | join(', ') }}) >> 1 as bigint)
{%- endmacro %}

{% macro snowflake__row_print(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}
