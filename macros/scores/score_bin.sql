{#
    SQL: in which part of its range a score lies, from 0 to 19: twentieths of probabilities; of amounts by their
    order of magnitude, each part reaching two thirds beyond the one before.

    Arguments:  score       a column of score_current or customer_score_history
                prediction  the column that names its prediction
#}
{% macro score_bin(score, prediction) -%}
    {%- set amounts = [] -%}
    {%- for name, settings in var('predictions').items() if settings.get('objective') == 'amount' -%}
        {%- do amounts.append("'" ~ name ~ "'") -%}
    {%- endfor -%}
    cast(case
            {%- if amounts %}
            when {{ prediction }} in ({{ amounts | join(', ') }})
                then case when ln(1 + {{ score }}) >= 9.5 then 19 else floor(2 * ln(1 + {{ score }})) end
            {%- endif %}
            when {{ score }} >= 1 then 19
            else floor(20 * {{ score }})
        end as {{ column_type('integer') }})
{%- endmacro %}
