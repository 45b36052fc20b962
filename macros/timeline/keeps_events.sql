{#
    Whether timeline_owned_events goes on from what an earlier run left there. It doesn't on the first
    run, with --full-refresh, or where nothing may be looked up (compile with --no-introspect).
#}
{% macro keeps_events() %}
    {% if not (execute and flags.INTROSPECT) or flags.FULL_REFRESH %}
        {{ return(false) }}
    {% endif %}
    {{ return(load_relation(built_relation('timeline_owned_events')) is not none) }}
{% endmacro %}

{#
    SQL: tells whether an event is as it was when it came in before. The settings that decide how it
    is laid out count, too: change one of them (or how timeline_owned_events does it: raise the
    version) and every event is laid out anew.
#}
{% macro event_print(events) %}
    {%- set columns = [] -%}
    {%- for column in input_columns('events') if column not in ('loaded_at', 'loaded_from') -%}
        {%- do columns.append(events ~ '.' ~ column) -%}
    {%- endfor -%}
    {%- set settings = 'version 1, cap ' ~ var('timeline_daily_cap') -%}
    {{- row_print([events ~ '.source_name'] + columns + [events ~ '.reporting_rate', "'" ~ settings ~ "'"]) -}}
{% endmacro %}
