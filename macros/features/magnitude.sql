{#
    SQL: the order of magnitude of a number as text: 'missing', '0', or the power of two that its
    size lies above, 'minus' before it for negative numbers.

    Usage:   {{ magnitude('revenue_amount_90d') }}  →  '5' for 40, 'minus 5' for -40
#}
{% macro magnitude(column) -%}
    {#- half a billionth on top: an exact power of two must not fall below itself -#}
    {%- set power = 'floor(log(2, cast(abs(' ~ column ~ ') as ' ~ column_type('number') ~ ')) + 0.0000000005)' -%}
    case
            when {{ column }} is null then 'missing'
            when {{ column }} = 0 then '0'
            when {{ column }} < 0
                then {{ dbt.concat(["'minus '", 'cast(cast(' ~ power ~ ' as integer) as ' ~ column_type('text') ~ ')']) }}
            else cast(cast({{ power }} as integer) as {{ column_type('text') }})
        end
{%- endmacro %}
