{#
    The first value that isn't null, over a partition in an order.

    Usage:   {{ first_not_null('email', 'customer_id', 'known_at desc, source_name') }}
#}
{% macro first_not_null(column, partition_by, order_by) %}
    {{- adapter.dispatch('first_not_null', 'regulars')(column, partition_by, order_by) -}}
{% endmacro %}

{% macro duckdb__first_not_null(column, partition_by, order_by) -%}
    first_value({{ column }} ignore nulls) over (
            partition by {{ partition_by }}
            order by {{ order_by }}
            rows between unbounded preceding and unbounded following
        )
{%- endmacro %}

{% macro snowflake__first_not_null(column, partition_by, order_by) -%}
    first_value({{ column }}) ignore nulls over (
            partition by {{ partition_by }}
            order by {{ order_by }}
            rows between unbounded preceding and unbounded following
        )
{%- endmacro %}
