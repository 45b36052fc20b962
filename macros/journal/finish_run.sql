{#
    Closes a run in the journal, green or red, and undoes its state rows unless it passed all
    gates. An on-run-end hook: dbt runs it also when nodes failed.
#}
{% macro finish_run(results) %}
    {% if execute and flags.WHICH in ('run', 'build') %}
        {% set built = [] %}
        {% set failures = [] %}
        {% set nodes = [] %}
        {% for result in results %}
            {% if result.status in ('error', 'fail', 'runtime error') %}
                {% do failures.append({'node': result.node.name, 'message': one_line(result.message)}) %}
            {% elif result.status == 'success' %}
                {% do built.append(result.node.name) %}
            {% endif %}
            {% do nodes.append({
                'node': result.node.name,
                'status': result.status | string,
                'seconds': result.execution_time | round(3),
            }) %}
        {% endfor %}
        {% set published = 'publish' in built %}
        {% set gates = ['gate_inputs', 'gate_features', 'gate_scores'] %}
        {# a gate that looked at what another run built has let nothing of this one through #}
        {% set not_built = (models_before(gates) | map(attribute='name') | list + gates) | reject('in', built) | list %}
        {% set passed = not not_built %}
        {% if not published and (failures or not passed) %}
            {% do undo_state(invocation_id) %}
        {% else %}
            {% do keep_newest_baseline(invocation_id) %}
        {% endif %}
        {% set run = {
            'run_id': invocation_id,
            'target': target.name,
            'command': flags.WHICH,
            'outcome': 'published' if published else ('red' if failures else 'built'),
            'as_of_date': known_as_of_date(built),
            'started_at': run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f'),
            'finished_at': modules.datetime.datetime.now(modules.pytz.utc).strftime('%Y-%m-%d %H:%M:%S.%f'),
            'generation': published_generation() if published else none,
            'versions': run_versions(),
            'vars': run_vars(),
            'failures': failures,
            'gates': run_gates(),
            'row_accounting': run_row_accounting() if 'input_row_accounting' in built else [],
            'models': run_models() if 'champions' in built else {},
            'nodes': nodes,
        } %}
        {% do write_run(run) %}
        {% do write_status(run_status(run)) %}
        {% if not failures and not published and not passed %}
            {{ log('This run did not pass all gates, so nothing was published and state tables are as they were.', info=true) }}
        {% endif %}
    {% endif %}
{% endmacro %}

{# The sentence of an error: without dbt's heading, a traceback, or the macros that it came through. #}
{% macro one_line(message) %}
    {% set lines = [] %}
    {% for line in (message or '').splitlines() %}
        {% if line.strip() and not line.strip().startswith(('> in macro', '> called by', 'compiled ', 'Compilation Error', 'Runtime Error', 'Database Error')) %}
            {% do lines.append(line.strip()) %}
        {% endif %}
    {% endfor %}
    {% if 'Traceback (most recent call last):' in lines %}
        {% set lines = lines[-1:] %}
    {% endif %}
    {{ return(lines | join(' ')) }}
{% endmacro %}
