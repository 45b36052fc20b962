{#
    SQL: whether an event is older than any can be: its clock was never set, or its date is a placeholder.

    Usage:   when {{ is_too_early('occurred_at') }} then 'occurred_too_early'
#}
{% macro is_too_early(occurred_at) -%}
    {{ occurred_at }} < {{ date_setting('earliest_event_date') }}
{%- endmacro %}

{#
    SQL: whether an event occurred after it was loaded, by more than clocks are allowed to run ahead.

    Usage:   when {{ is_after_loading('occurred_at', 'loaded_at') }} then 'occurred_after_loading'
#}
{% macro is_after_loading(occurred_at, loaded_at) -%}
    {%- set hours = var('clock_skew_hours') -%}
    {%- if hours is not integer or hours is boolean or hours < 0 -%}
        {% do exceptions.raise_compiler_error(
            "The var clock_skew_hours is " ~ hours ~ ": write a whole number of hours, 0 or more."
        ) %}
    {%- endif -%}
    {{ occurred_at }} > {{ dbt.dateadd('hour', hours, loaded_at) }}
{%- endmacro %}
