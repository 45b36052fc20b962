{# What a run's row in the journal tells beside its outcome; each macro reads what this run has built. #}

{% macro known_as_of_date(built) %}
    {% if 'timeline_as_of_date' not in built %}
        {% set day = var('as_of_date') %}
        {{ return(none if day is none else day | string) }}
    {% endif %}
    {% set day = 'cast(as_of_date as ' ~ column_type('text') ~ ')' %}
    {{ return(run_query('select ' ~ day ~ ' from ' ~ built_relation('timeline_as_of_date')).rows[0][0]) }}
{% endmacro %}

{# The vars that the run was given; YAML makes dates of days, which JSON doesn't know. #}
{% macro run_vars() %}
    {% set given = {} %}
    {% for name, value in (invocation_args_dict.get('vars') or {}).items() %}
        {% do given.update({name: value if value.isoformat is undefined else value | string}) %}
    {% endfor %}
    {{ return(given) }}
{% endmacro %}

{% macro published_generation() %}
    {{ return(run_query('select generation from ' ~ built_relation('publish')).rows[0][0] | int) }}
{% endmacro %}

{% macro run_versions() %}
    {% set engine = run_query('select ' ~ software_versions() ~ ' as versions').rows[0][0] %}
    {{ return({'dbt': dbt_version} | tojson if engine is none else engine) }}
{% endmacro %}

{% macro run_gates() %}
    {% set failed = 'not is_met and severity' %}
    {% set rows = run_query(
        "select gate, count(*), sum(case when " ~ failed ~ " = 'critical' then 1 else 0 end),"
        ~ " sum(case when " ~ failed ~ " = 'warning' then 1 else 0 end)"
        ~ " from " ~ journal('expectation_results') ~ " where run_id = '" ~ invocation_id ~ "'"
        ~ " group by gate order by gate"
    ).rows %}
    {% set gates = [] %}
    {% for row in rows %}
        {% do gates.append({
            'gate': row[0], 'expectations': row[1] | int, 'critical': row[2] | int, 'warnings': row[3] | int,
        }) %}
    {% endfor %}
    {{ return(gates) }}
{% endmacro %}

{% macro run_failed_expectations() %}
    {% set rows = run_query(
        "select gate, suite, expectation, column_name, severity, observed, limits, failing_keys"
        ~ " from " ~ journal('expectation_results')
        ~ " where run_id = '" ~ invocation_id ~ "' and not is_met"
        ~ " order by severity, gate, suite, expectation_number limit 100"
    ).rows %}
    {% set failed = [] %}
    {% for row in rows %}
        {% do failed.append({
            'gate': row[0], 'suite': row[1], 'expectation': row[2], 'column': row[3],
            'severity': row[4], 'observed': row[5], 'limits': row[6],
            'failing_keys': fromjson(row[7]) if row[7] else [],
        }) %}
    {% endfor %}
    {{ return(failed) }}
{% endmacro %}

{% macro run_row_accounting() %}
    {% set rows = run_query(
        'select source_name, input_name, row_outcome, row_reason, rows_count from '
        ~ built_relation('input_row_accounting') ~ ' order by 1, 2, 3, 4'
    ).rows %}
    {% set counted = [] %}
    {% for row in rows %}
        {% do counted.append({
            'source': row[0], 'input': row[1], 'outcome': row[2], 'reason': row[3], 'rows': row[4] | int,
        }) %}
    {% endfor %}
    {{ return(counted) }}
{% endmacro %}

{% macro run_models() %}
    {% set models = {} %}
    {% for row in run_query('select prediction, model_id from ' ~ built_relation('champions') ~ ' order by 1').rows %}
        {% do models.update({row[0]: row[1]}) %}
    {% endfor %}
    {{ return(models) }}
{% endmacro %}

{# The relation of a model by its name: hooks have no ref. #}
{% macro built_relation(model_name) %}
    {% set node = (graph.nodes.values() | selectattr('name', 'equalto', model_name) | list)[0] %}
    {{ return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) }}
{% endmacro %}

{# What status.json says of a run: its row in the journal, and which expectations failed. #}
{% macro run_status(run) %}
    {{ return({
        'target': run.get('target'),
        'state': run.get('outcome'),
        'run_id': run.get('run_id'),
        'command': run.get('command'),
        'as_of_date': run.get('as_of_date'),
        'started_at': run.get('started_at'),
        'finished_at': run.get('finished_at'),
        'failures': run.get('failures') or [],
        'gates': run.get('gates') or [],
        'failed_expectations': run_failed_expectations(),
        'row_accounting': run.get('row_accounting') or [],
        'models': run.get('models') or {},
        'generation': run.get('generation'),
    }) }}
{% endmacro %}
