{#
    SQL: the order of magnitude of a number as text: 'missing', '0', or the power of two that its
    size has reached, with a minus for negative numbers. A category is its own, behind a '='.

    Usage:   {{ magnitude('revenue_amount_90d') }}  →  '2^5' for 40, '-2^5' for -40, '2^0' for 1
#}
{% macro magnitude(column, is_category=false) -%}
    {#- half a billionth on top: an exact power of two must not fall below itself -#}
    {%- set power = 'floor(log(2, cast(abs(' ~ column ~ ') as ' ~ column_type('number') ~ ')) + 0.0000000005)' -%}
    case
            when {{ column }} is null then 'missing'
            {%- if is_category %}
            else {{ dbt.concat(["'='", column]) }}
            {%- else %}
            when {{ column }} = 0 then '0'
            else {{ dbt.concat([
                'case when ' ~ column ~ " < 0 then '-2^' else '2^' end",
                'cast(cast(' ~ power ~ ' as ' ~ column_type('integer') ~ ') as ' ~ column_type('text') ~ ')',
            ]) }}
            {%- endif %}
        end
{%- endmacro %}
