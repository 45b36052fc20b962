{#
    The var `as_of_date` as a SQL date, or none when it isn't set.

    Usage:   {% if as_of_date() %} … {{ as_of_date() }} … {% endif %}
#}
{% macro as_of_date() %}
    {{ return(none if var('as_of_date') is none else date_setting('as_of_date')) }}
{% endmacro %}

{#
    A var that names a day, checked, as a SQL date.

    Usage:   occurred_at < {{ date_setting('earliest_event_date') }}
#}
{% macro date_setting(name) %}
    {{ return(checked_date(var(name), "The var " ~ name ~ " is")) }}
{% endmacro %}

{#
    A day that somebody wrote as a SQL date.

    Arguments:  said    how the sentence begins that refuses it
    Usage:      {{ checked_date('2024-02-29', 'The var x is') }}  →  cast('2024-02-29' as date)
#}
{% macro checked_date(given, said) %}
    {% set day = given | string %}
    {% if not modules.re.match('^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$', day) %}
        {% do exceptions.raise_compiler_error(said ~ " '" ~ day ~ "': write it as yyyy-mm-dd.") %}
    {% endif %}
    {{ return("cast('" ~ day ~ "' as date)") }}
{% endmacro %}

{#
    SQL: the last whole day that is known, with the var too an aggregate over events: one row.
    The newest day of events may still be running, so without the var it is the day before that.
    A clock that runs ahead makes no day: nothing had happened yet when the event was loaded.

    Usage:   select {{ last_known_day() }} as as_of_date from events
#}
{% macro last_known_day() -%}
    {% if as_of_date() -%}
        max({{ as_of_date() }})
    {%- else -%}
        cast({{ dbt.dateadd('day', -1, 'max(cast(' ~ earliest('occurred_at', 'loaded_at') ~ ' as date))') }} as date)
    {%- endif %}
{%- endmacro %}
