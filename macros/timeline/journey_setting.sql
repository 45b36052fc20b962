{#
    One number of the var journey, checked: whole days or purchase days, in an order that leaves no gap.

    Usage:   {{ journey_setting('active_days') }}  →  90
#}
{% macro journey_setting(name) -%}
    {%- set settings = var('journey') -%}
    {%- for known in ['considering_days', 'first_purchase_days', 'active_days', 'at_risk_days',
        'loyal_purchase_days', 'loyal_within_days'] -%}
        {%- if settings.get(known) is not integer or settings.get(known) < 1 -%}
            {% do exceptions.raise_compiler_error(
                "The var journey says " ~ known ~ ": " ~ settings.get(known) ~ ": write a whole number from 1 on."
            ) %}
        {%- endif -%}
    {%- endfor -%}
    {%- for earlier in ['first_purchase_days', 'active_days'] if settings[earlier] > settings['at_risk_days'] -%}
        {% do exceptions.raise_compiler_error(
            "The var journey says " ~ earlier ~ ": " ~ settings[earlier] ~ ", which is more than at_risk_days ("
            ~ settings['at_risk_days'] ~ "): nobody lapses before being at risk; make it smaller."
        ) %}
    {%- endfor -%}
    {{- settings[name] -}}
{%- endmacro %}
