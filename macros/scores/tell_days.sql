{#
    Logs, as JSON, the first and the last day of events that a run may stand at, the last one whole, and the
    predictions: what `regulars backfill` asks before it begins. The staging views must be there.

    Usage:   dbt run-operation tell_days
#}
{% macro tell_days() %}
    {% set days = run_query(events_range()).rows[0] %}
    {{ log(tojson({'first_day': days[0], 'last_day': days[1], 'predictions': var('predictions') | list}), info=true) }}
{% endmacro %}
