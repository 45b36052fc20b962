{#
    How many steps of snapshot_every_days the snapshots lie back, 0 for the current day: snapshot_count in a row, and
    for horizons that these don't reach beyond twice snapshots_for_long_horizons more. A model of a year is judged
    on a day a year ago, on which it could know only what was a year old then.
#}
{% macro snapshot_steps() %}
    {%- set every, found = var('snapshot_every_days'), range(var('snapshot_count') + 1) | list -%}
    {%- for settings in var('predictions').values() -%}
        {%- set newest_closed = (settings.horizon_days / every) | round(0, 'ceil') | int -%}
        {%- set first = newest_closed + newest_closed -%}
        {%- if first > var('snapshot_count') -%}
            {%- for more in range(var('snapshots_for_long_horizons')) -%}
                {%- do found.append(first + more) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found | unique | sort) }}
{% endmacro %}
