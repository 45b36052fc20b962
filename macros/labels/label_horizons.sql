{#
    Every number of days that a label looks ahead, sorted: the horizons of the predictions and those
    of the var label_horizons.
#}
{% macro label_horizons() %}
    {%- set found = [] -%}
    {%- for settings in var('predictions').values() -%}
        {%- do found.append(settings.horizon_days) -%}
    {%- endfor -%}
    {%- for label, horizons in var('label_horizons').items() -%}
        {%- if not horizons -%}
            {% do exceptions.raise_compiler_error(
                'The var label_horizons has no days for ' ~ label ~ ': write at least one number.'
            ) %}
        {%- endif -%}
        {%- do found.extend(horizons) -%}
    {%- endfor -%}
    {%- for days in found if days is not integer or days < 1 -%}
        {% do exceptions.raise_compiler_error(
            'A horizon is ' ~ days ~ ': in the vars predictions and label_horizons write a whole number of days, '
            ~ '1 or more.'
        ) %}
    {%- endfor -%}
    {{ return(found | unique | sort) }}
{% endmacro %}
