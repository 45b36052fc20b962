{#
    SQL: the score from 1 to 5 of one of the four values of RFMT: by the cut points of the var
    rfm_cut_points, or without them by fifths of the buyers.

    column:     the value, one of known.
    direction:  asc where more is better, desc where less is.
    by:         the column that says which buyers are ranked among each other; none where all are.
    Usage:      {{ rfm_score('purchases_count', 'asc') }}
#}
{% macro rfm_score(column, direction, by=none) -%}
    {%- set cut_points = rfm_cut_points().get(column) -%}
    {%- if cut_points -%}
        case
            {%- for cut_point in cut_points %}
            when {{ column }} < {{ cut_point }} then {{ loop.index if direction == 'asc' else 6 - loop.index }}
            {%- endfor %}
            else {{ 5 if direction == 'asc' else 1 }}
        end
    {%- else -%}
        {#- how far up a buyer stands, 0 to 1; equal values stand equally far -#}
        {%- set among = 'partition by ' ~ by ~ ' ' if by else '' -%}
        {%- set rank = 'percent_rank() over (' ~ among ~ 'order by ' ~ column ~ (' desc' if direction == 'desc' else '') ~ ')' -%}
        case when {{ rank }} = 1 then 5 else 1 + floor(5 * {{ rank }}) end
    {%- endif -%}
{%- endmacro %}

{#
    The var rfm_cut_points, checked: a mapping of a column to four ascending numbers, empty for null.
#}
{% macro rfm_cut_points() %}
    {%- set known = ['days_since_last_purchase', 'purchases_count', 'revenue_amount', 'days_since_first_purchase'] -%}
    {%- set given = var('rfm_cut_points') or {} -%}
    {%- if given is not mapping -%}
        {% do exceptions.raise_compiler_error(
            "The var rfm_cut_points must be null, or name columns such as purchases_count: [2, 3, 5, 10]."
        ) %}
    {%- endif -%}
    {%- for column, cut_points in given.items() -%}
        {%- if column not in known -%}
            {% do exceptions.raise_compiler_error(
                "The var rfm_cut_points names the column '" ~ column ~ "': there are " ~ known | join(', ') ~ "."
            ) %}
        {%- endif -%}
        {%- set numbers = [] -%}
        {%- if cut_points is sequence and cut_points is not string -%}
            {%- for cut_point in cut_points if cut_point is number and cut_point is not boolean -%}
                {%- if not numbers or cut_point > numbers | last %}{% do numbers.append(cut_point) %}{% endif -%}
            {%- endfor -%}
        {%- endif -%}
        {%- if numbers | length != 4 or cut_points | length != 4 -%}
            {% do exceptions.raise_compiler_error(
                "The var rfm_cut_points gives " ~ column ~ " the limits " ~ cut_points
                ~ ": write four numbers, each greater than the one before."
            ) %}
        {%- endif -%}
    {%- endfor -%}
    {{ return(given) }}
{% endmacro %}
