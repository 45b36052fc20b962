{#
    One number of the var journey, checked: whole days or purchase days, in an order that leaves no gap.

    Usage:   {{ journey_setting('active_days') }}  →  90
#}
{% macro journey_setting(name) -%}
    {%- set known = ['considering_days', 'first_purchase_days', 'active_days', 'at_risk_days',
        'loyal_purchase_days', 'loyal_within_days'] -%}
    {%- set settings = var('journey') -%}
    {%- if settings is not mapping -%}
        {% do exceptions.raise_compiler_error(
            "The var journey is " ~ settings ~ ": name " ~ known | join(', ') ~ ", each with a number."
        ) %}
    {%- endif -%}
    {%- for given in settings if given not in known -%}
        {% do exceptions.raise_compiler_error(
            "The var journey names '" ~ given ~ "': there are " ~ known | join(', ') ~ "."
        ) %}
    {%- endfor -%}
    {%- for setting in known -%}
        {%- if settings.get(setting) is not integer or settings.get(setting) < 1 -%}
            {% do exceptions.raise_compiler_error(
                "The var journey says " ~ setting ~ ": " ~ settings.get(setting) ~ ": write a whole number from 1 on."
            ) %}
        {%- endif -%}
    {%- endfor -%}
    {%- for earlier in ['first_purchase_days', 'active_days'] if settings[earlier] > settings['at_risk_days'] -%}
        {% do exceptions.raise_compiler_error(
            "The var journey says " ~ earlier ~ ": " ~ settings[earlier] ~ ", which is more than at_risk_days ("
            ~ settings['at_risk_days'] ~ "): nobody lapses before being at risk; make it smaller."
        ) %}
    {%- endfor -%}
    {%- if settings['loyal_purchase_days'] > settings['loyal_within_days'] -%}
        {% do exceptions.raise_compiler_error(
            "The var journey says loyal_purchase_days: " ~ settings['loyal_purchase_days'] ~ ", which is more than "
            ~ "loyal_within_days (" ~ settings['loyal_within_days'] ~ "): nobody could be loyal; make it smaller."
        ) %}
    {%- endif -%}
    {{- settings[name] -}}
{%- endmacro %}
