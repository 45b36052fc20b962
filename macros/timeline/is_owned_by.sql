{#
    SQL: whether an event is of this turn of its record; every event is of one turn at most.

    Usage:   inner join owners on {{ is_owned_by('events', 'owners') }}
#}
{% macro is_owned_by(events, owners) -%}
    {{ events }}.source_name = {{ owners }}.source_name
            and {{ events }}.source_record_id = {{ owners }}.source_record_id
            and ({{ owners }}.used_from is null or {{ events }}.occurred_at >= {{ owners }}.used_from)
            and ({{ owners }}.used_to is null or {{ events }}.occurred_at < {{ owners }}.used_to)
{%- endmacro %}
