{#
    SQL: what came, in the unit of the score, from a prediction's label. The score of a wait is the probability that it
    ends within the horizon.

    Arguments:  settings  the prediction's entry in the var `predictions`
    Usage:      select {{ outcome_of(settings) }} as outcome from {{ ref('label_' ~ name) }}
#}
{% macro outcome_of(settings) -%}
    {%- if settings.get('objective') == 'waiting_time' -%}
    case when days_to_next_purchase <= {{ settings.horizon_days }} then 1 else 0 end
    {%- else -%}
    label
    {%- endif -%}
{%- endmacro %}
