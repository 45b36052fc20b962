{#
    SQL: a part over a whole, clipped at a bound so that one strange customer can't stretch the scale;
    null where there is no whole.

    Usage:   {{ share('returns_amount', 'revenue_amount', 2) }}
#}
{% macro share(part, whole, most=none) -%}
    {%- set number = column_type('number') -%}
    {%- set ratio = 'cast(' ~ part ~ ' as ' ~ number ~ ') / nullif(' ~ whole ~ ', 0)' -%}
    {%- if most is none -%}
    {{ ratio }}
    {%- else -%}
    case when {{ whole }} > 0 and {{ part }} > {{ most }} * {{ whole }} then {{ most }} else {{ ratio }} end
    {%- endif -%}
{%- endmacro %}
