{#
    The var lifecycle_thresholds, checked: four limits each of days since an only purchase and of the
    probability to come back.

    Usage:   {% set limits = lifecycle_thresholds() %} … {{ limits['return_probability']['active'] }}
#}
{% macro lifecycle_thresholds() %}
    {%- set statuses = ['active', 'cooling_down', 'at_risk', 'highly_at_risk'] -%}
    {%- set orders = {'days_since_only_purchase': 'greater', 'return_probability': 'smaller'} -%}
    {%- set thresholds = var('lifecycle_thresholds') -%}
    {%- if thresholds is not mapping -%}
        {% do exceptions.raise_compiler_error(
            "The var lifecycle_thresholds is " ~ thresholds ~ ": name " ~ orders | join(', ')
            ~ ", each with limits for " ~ statuses | join(', ') ~ "."
        ) %}
    {%- endif -%}
    {%- for kind in thresholds if kind not in orders -%}
        {% do exceptions.raise_compiler_error(
            "The var lifecycle_thresholds names '" ~ kind ~ "': there are " ~ orders | join(', ') ~ "."
        ) %}
    {%- endfor -%}
    {%- set checked = {} -%}
    {%- for kind, order in orders.items() -%}
        {%- set given = thresholds.get(kind) -%}
        {%- set kept = {} -%}
        {%- for status in statuses if given is mapping and given.get(status) is number -%}
            {%- set limit = given[status] -%}
            {%- set before = kept.values() | list | last -%}
            {%- if limit is not boolean and (not kept
                or (order == 'greater' and limit > before)
                or (order == 'smaller' and limit < before)) -%}
                {% do kept.update({status: limit}) %}
            {%- endif -%}
        {%- endfor -%}
        {%- if kept | length != 4 or given | length != 4 -%}
            {% do exceptions.raise_compiler_error(
                "The var lifecycle_thresholds gives " ~ kind ~ " the limits " ~ given ~ ": write numbers for "
                ~ statuses | join(', ') ~ ", each " ~ order ~ " than the one before."
            ) %}
        {%- endif -%}
        {%- for limit in kept.values() if limit < 0 or (kind == 'return_probability' and limit > 1) -%}
            {% do exceptions.raise_compiler_error(
                "The var lifecycle_thresholds gives " ~ kind ~ " the limit " ~ limit ~ ": write "
                ~ ("a probability from 0 to 1." if kind == 'return_probability' else "a number of days from 0 on.")
            ) %}
        {%- endfor -%}
        {% do checked.update({kind: kept}) %}
    {%- endfor -%}
    {{ return(checked) }}
{% endmacro %}
