{#
    Three locks on publishing, so that no selection of nodes walks round a gate, in two pre-hooks.
    The first refuses to write down a run that didn't pass every gate itself, or that left out
    something before publishing: a gate would have looked at what another run built. The second
    refuses to publish what another run wrote down.
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
        {% set left_out = [] %}
        {% for node in models_before(['publish']) if node.unique_id not in selected_resources %}
            {% do left_out.append(node.name) %}
        {% endfor %}
        {% if left_out %}
            {% do exceptions.raise_compiler_error(
                'Nothing is published: this run did not build ' ~ left_out[0]
                ~ (' and ' ~ (left_out | length - 1) ~ ' more' if left_out | length > 1 else '')
                ~ '. Run dbt build without --select and --exclude, not dbt retry.'
            ) %}
        {% endif %}
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
