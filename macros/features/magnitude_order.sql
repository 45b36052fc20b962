{#
    SQL: where an order of magnitude (macro magnitude) stands among the others, as a whole number: values that are
    missing first, then from the smallest number to the largest. Null for a category, which has no order.

    Usage:   sum(…) over (order by {{ magnitude_order('magnitude') }})
#}
{% macro magnitude_order(magnitude) -%}
    {#- the power of two, far enough up that small fractions don't fall below zero -#}
    {%- set power = "10000 + " ~ dbt.safe_cast(
        "replace(replace(" ~ magnitude ~ ", '-2^', ''), '2^', '')", column_type('integer')
    ) -%}
    case
            when {{ magnitude }} = 'missing' then -20000
            when {{ magnitude }} = '0' then 0
            when substring({{ magnitude }}, 1, 1) = '-' then -({{ power }})
            else {{ power }}
        end
{%- endmacro %}
