{#
    Stops a run that is asked to stand at a day outside the log: before it nothing is known,
    and after it every customer would seem to have left. A pre-hook of timeline_as_of_date.
#}
{% macro check_as_of_date() %}
    {% if execute and as_of_date() and flags.WHICH in ('run', 'build') %}
        {% set found = run_query(events_range()).rows[0] %}
        {% set day = var('as_of_date') | string %}
        {% if found[0] is not none and (day < found[0] or day > found[1]) %}
            {% do exceptions.raise_compiler_error(
                'as_of_date ' ~ day ~ ' lies outside the events, which run from ' ~ found[0] ~ ' to '
                ~ found[1] ~ ': choose a day between them.'
            ) %}
        {% endif %}
    {% endif %}
{% endmacro %}

{# The first and the last day of all staged events that were not loaded before they occurred. #}
{% macro events_range() %}
    {%- set feeds = [] -%}
    {%- for source, inputs in world('sources').items() if 'events' in inputs -%}
        {%- set name = 'stg_' ~ source ~ '__events' -%}
        {%- for node in graph.nodes.values() if node.name == name -%}
            {%- do feeds.append(node.relation_name) -%}
        {%- endfor -%}
    {%- endfor -%}
    select
        cast(min(cast(occurred_at as date)) as {{ column_type('text') }}) as first_day,
        cast(max(cast(occurred_at as date)) as {{ column_type('text') }}) as last_day
    from (
        {%- for feed in feeds %}
        select occurred_at from {{ feed }} where occurred_at <= loaded_at
        {%- if not loop.last %} union all{% endif %}
        {%- else %}
        select cast(null as {{ column_type('timestamp') }}) as occurred_at
        {%- endfor %}
    ) as staged
{% endmacro %}
