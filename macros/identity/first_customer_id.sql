{#
    SQL: the customer_id that a record gives the first customer that it is the oldest record of.

    Usage:   {{ first_customer_id('source_name', 'source_record_id') }}
#}
{% macro first_customer_id(source_name, source_record_id) -%}
    {{ dbt.hash(dbt.concat([source_name, "'|'", source_record_id])) }}
{%- endmacro %}
