{#
    SQL: one number of the var retrain_limits, checked; null where it is null, so that nothing exceeds it.

    Usage:   where score_drift.population_stability_index > {{ retrain_limit('score_shift') }}
#}
{% macro retrain_limit(name) -%}
    {%- set known = ['feature_shift', 'drifted_features_share', 'score_shift', 'auc_shortfall'] -%}
    {%- set limits = var('retrain_limits') -%}
    {%- if limits is not mapping -%}
        {% do exceptions.raise_compiler_error(
            "The var retrain_limits is " ~ limits ~ ": name " ~ known | join(', ') ~ ", each with a number or null."
        ) %}
    {%- endif -%}
    {%- for given in limits if given not in known -%}
        {% do exceptions.raise_compiler_error(
            "The var retrain_limits names '" ~ given ~ "': there are " ~ known | join(', ') ~ "."
        ) %}
    {%- endfor -%}
    {%- for limit in known -%}
        {%- set value = limits.get(limit) -%}
        {%- if value is not none and (value is not number or value is boolean or value < 0) -%}
            {% do exceptions.raise_compiler_error(
                "The var retrain_limits says " ~ limit ~ ": " ~ value ~ ": write a number from 0 on, or null."
            ) %}
        {%- endif -%}
    {%- endfor -%}
    {%- set value = limits.get(name) -%}
    cast({{ 'null' if value is none else value }} as {{ column_type('number') }})
{%- endmacro %}
