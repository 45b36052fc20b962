{#
    Stops a run that is asked to stand at a day outside the log: before it nothing is known, and
    after it every customer would seem to have left. A run that is asked for no day is stopped
    when no day of events is whole. A pre-hook of timeline_as_of_date.
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
    {% elif execute and flags.WHICH in ('run', 'build') %}
        {% set days = run_query(whole_days()).rows[0] %}
        {% if days[0] is not none and days[1] < days[0] %}
            {% do exceptions.raise_compiler_error(
                'No day of events is whole: they begin on ' ~ days[0] ~ ', and that day may still be running. '
                ~ 'Load more days, or stand at that one as it is: as_of_date ' ~ days[0] ~ '.'
            ) %}
        {% endif %}
    {% endif %}
{% endmacro %}

{# The first day of events and the last whole one, null without events. #}
{% macro whole_days() %}
    select
        cast(min(cast(occurred_at as date)) as {{ column_type('text') }}) as first_day,
        cast({{ last_known_day() }} as {{ column_type('text') }}) as last_day
    from {{ ref('input_events') }}
{% endmacro %}

{#
    The first and the last day of all staged events whose clock may be right. One that runs ahead by no
    more than clock_skew_hours makes no day of its own: see last_known_day.
#}
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
        select {{ earliest('occurred_at', 'loaded_at') }} as occurred_at
        from {{ feed }}
        where
            not {{ is_too_early('occurred_at') }}
            and not {{ is_after_loading('occurred_at', 'loaded_at') }}
        {%- if not loop.last %} union all{% endif %}
        {%- else %}
        select cast(null as {{ column_type('timestamp') }}) as occurred_at
        {%- endfor %}
    ) as staged
{% endmacro %}
