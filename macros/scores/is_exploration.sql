{#
    SQL: whether a customer is to be reached whatever this prediction's score says, so that training also sees whom the
    score would have left out: a share (var exploration_percent) that is drawn by a hash. The same on every day, in
    every engine, and another share for each prediction.

    Arguments:  customer_id, prediction    SQL for both
    Usage:      {{ is_exploration('customer_id', 'prediction') }} as is_exploration
#}
{% macro is_exploration(customer_id, prediction) -%}
    {%- set percent = var('exploration_percent') -%}
    {%- if percent is not number or percent is boolean or percent < 0 or percent > 100 -%}
        {% do exceptions.raise_compiler_error(
            "The var exploration_percent is " ~ percent ~ ": write a number from 0 to 100."
        ) %}
    {%- endif -%}
    {#- four hex digits are 65,536 equal parts; text compares as the numbers do while it is as long -#}
    {%- set parts = (percent * 65536 / 100) | round | int -%}
    {%- if parts == 65536 -%}
        true
    {%- else -%}
        substring({{ dbt.hash(dbt.concat([prediction, "' '", customer_id])) }}, 1, 4) < '{{ "%04x" | format(parts) }}'
    {%- endif -%}
{%- endmacro %}
