{#
    Opens a run in the journal, after undoing what a killed run left in state tables.
    An on-run-start hook; it does something only where nodes are built.
#}
{% macro start_run() %}
    {% if execute and flags.WHICH in ('run', 'build') %}
        {% do keep_journal() %}
        {% do close_killed_runs() %}
        {# not before: a run that may be alive works with its own package #}
        {% do put_python_package() %}
        {% set run = {
            'run_id': invocation_id,
            'target': target.name,
            'command': flags.WHICH,
            'outcome': 'running',
            'started_at': run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f'),
        } %}
        {% do write_run(run, is_new=true) %}
        {% do write_status(run_status(run)) %}
    {% endif %}
{% endmacro %}

{# A run that is still open when another begins was killed, or the engine can't tell and refuses. #}
{% macro close_killed_runs() %}
    {% set published = run_query('select ' ~ published_run_id() ~ ' as run_id').rows[0][0] %}
    {% for row in run_query("select run_id, started_at from " ~ journal('runs') ~ " where outcome = 'running'").rows %}
        {% do refuse_living_run(row[0], row[1]) %}
        {% set outcome = 'published' if row[0] == published else 'interrupted' %}
        {% if outcome == 'interrupted' %}
            {% do undo_state(row[0]) %}
        {% endif %}
        {% do run_query(
            "update " ~ journal('runs') ~ " set outcome = '" ~ outcome ~ "' where run_id = '" ~ row[0] ~ "'"
        ) %}
    {% endfor %}
{% endmacro %}

{#
    Writes what is known of a run into its row in the journal, by one statement: a kill leaves
    the row as it was, and the next run sees that it is still open.
#}
{% macro write_run(run, is_new=false) %}
    {% set columns = [] %}
    {% set values = [] %}
    {% for column, type in journal_columns('runs').items() if run.get(column) is not none %}
        {% set value = run.get(column) %}
        {% set said = value if value is string else tojson(value) %}
        {% do columns.append(column) %}
        {% do values.append('cast(' ~ sql_text(said) ~ ' as ' ~ column_type(type) ~ ')') %}
    {% endfor %}
    {% if is_new %}
        {% do run_query(
            'insert into ' ~ journal('runs') ~ ' (' ~ columns | join(', ') ~ ') select ' ~ values | join(', ')
        ) %}
    {% else %}
        {% set changes = [] %}
        {% for column in columns %}{% do changes.append(column ~ ' = ' ~ values[loop.index0]) %}{% endfor %}
        {% do run_query(
            'update ' ~ journal('runs') ~ ' set ' ~ changes | join(', ') ~ " where run_id = '" ~ run.run_id ~ "'"
        ) %}
    {% endif %}
{% endmacro %}
