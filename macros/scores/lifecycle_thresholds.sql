{#
    The var lifecycle_thresholds, checked: four limits each of days since an only purchase and of the
    probability to come back.

    Usage:   {% set limits = lifecycle_thresholds() %} … {{ limits['return_probability']['active'] }}
#}
{% macro lifecycle_thresholds() %}
    {%- set statuses = ['active', 'cooling_down', 'at_risk', 'highly_at_risk'] -%}
    {%- set checked = {} -%}
    {%- for kind, order in [('days_since_only_purchase', 'greater'), ('return_probability', 'smaller')] -%}
        {%- set given = var('lifecycle_thresholds').get(kind) or {} -%}
        {%- set kept = {} -%}
        {%- for status in statuses if given.get(status) is number -%}
            {%- set before = kept.values() | list | last -%}
            {%- if not kept
                or (order == 'greater' and given[status] > before)
                or (order == 'smaller' and given[status] < before) -%}
                {% do kept.update({status: given[status]}) %}
            {%- endif -%}
        {%- endfor -%}
        {%- if kept | length != 4 or given | length != 4 -%}
            {% do exceptions.raise_compiler_error(
                "The var lifecycle_thresholds gives " ~ kind ~ " the limits " ~ given ~ ": write numbers for "
                ~ statuses | join(', ') ~ ", each " ~ order ~ " than the one before."
            ) %}
        {%- endif -%}
        {% do checked.update({kind: kept}) %}
    {%- endfor -%}
    {{ return(checked) }}
{% endmacro %}
