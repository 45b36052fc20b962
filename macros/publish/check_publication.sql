{#
    Two locks on publishing, so that no selection of nodes walks round a gate. Both are pre-hooks.
    The first refuses to write down a run that didn't pass every gate itself, the second refuses
    to publish what another run wrote down.
#}
{% macro require_gates() %}
    {% set gates = [ref('gate_inputs'), ref('gate_features'), ref('gate_scores')] %}
    {% if execute and flags.WHICH in ('run', 'build') %}
        {% for gate in gates %}
            {% if run_query("select count(*) from " ~ gate ~ " where run_id = '" ~ invocation_id ~ "'").rows[0][0] == 0 %}
                {% do exceptions.raise_compiler_error(
                    'Nothing is published: this run did not pass ' ~ gate.identifier
                    ~ ' itself. Run dbt build without --select, not dbt retry.'
                ) %}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}

{% macro require_publication_run() %}
    {% if execute and flags.WHICH in ('run', 'build') %}
        {% set rows = run_query(previous('publication_run', {'run_id': 'text'})).rows %}
        {% if not rows or rows[0][0] != invocation_id %}
            {% do exceptions.raise_compiler_error(
                'Nothing is published: publication_run is not of this run. Run dbt build without --select, not dbt retry.'
            ) %}
        {% endif %}
    {% endif %}
{% endmacro %}
