{#
    Every number of days that a label looks ahead, sorted: the horizons of the predictions and those
    of the var label_horizons, checked.
#}
{% macro label_horizons() %}
    {%- set known = ['revenue', 'engagement', 'lead_conversion'] -%}
    {%- set given = var('label_horizons') -%}
    {%- if given is not mapping -%}
        {% do exceptions.raise_compiler_error(
            'The var label_horizons is ' ~ given ~ ': name ' ~ known | join(', ') ~ ', such as revenue: [90, 365].'
        ) %}
    {%- endif -%}
    {%- for label in given if label not in known -%}
        {% do exceptions.raise_compiler_error(
            "The var label_horizons names the label '" ~ label ~ "': there are " ~ known | join(', ') ~ '.'
        ) %}
    {%- endfor -%}
    {%- set found = [] -%}
    {%- for settings in var('predictions').values() -%}
        {%- do found.append(settings.horizon_days) -%}
    {%- endfor -%}
    {%- for label in known -%}
        {%- set horizons = given.get(label) -%}
        {%- if not horizons or horizons is string or horizons is not sequence -%}
            {% do exceptions.raise_compiler_error(
                'The var label_horizons gives ' ~ label ~ ' the days ' ~ horizons ~ ': write a list such as [90, 365].'
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

{#
    Over how many days one label looks ahead, sorted: those of the var label_horizons, and of the predictions that
    learn from it.

    Usage:   horizon_days in ({{ horizons_of('revenue') | join(', ') }})
#}
{% macro horizons_of(label) %}
    {%- set learnt_by = {'revenue': 'value_', 'engagement': 'engagement_'} -%}
    {%- set found = var('label_horizons')[label] | list -%}
    {%- for name, settings in var('predictions').items() if name.startswith(learnt_by[label]) -%}
        {%- do found.append(settings.horizon_days) -%}
    {%- endfor -%}
    {{ return(found | unique | sort) }}
{% endmacro %}

{# Over how many days a prediction looks ahead; 0 for one that the var predictions leaves out, whose models are off. #}
{% macro horizon_of(prediction) %}
    {{ return(var('predictions').get(prediction, {}).get('horizon_days', 0)) }}
{% endmacro %}
