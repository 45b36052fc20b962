{#
    The journal: tables about the runs themselves, and what people decided between them; no run undoes
    them. They are made and filled by hooks, not by models, so that they also tell of a run that went red.

    Usage:   select * from {{ journal('runs') }}
#}
{% macro journal(table) %}
    {{ return(api.Relation.create(database=target.database, schema='journal', identifier=table)) }}
{% endmacro %}

{# The columns of a journal's table and their types, in order. #}
{% macro journal_columns(table) %}
    {{ return({
        'runs': {
            'run_id': 'text',
            'target': 'text',
            'command': 'text',
            'outcome': 'text',
            'as_of_date': 'date',
            'started_at': 'timestamp',
            'finished_at': 'timestamp',
            'generation': 'count',
            'versions': 'text',
            'vars': 'text',
            'failures': 'text',
            'gates': 'text',
            'row_accounting': 'text',
            'models': 'text',
            'nodes': 'text',
        },
        'expectation_results': {
            'run_id': 'text',
            'gate': 'text',
            'suite': 'text',
            'expectation_number': 'integer',
            'expectation': 'text',
            'column_name': 'text',
            'severity': 'text',
            'is_met': 'boolean',
            'observed': 'text',
            'limits': 'text',
            'failing_keys': 'text',
            'result': 'text',
            'code_version': 'text',
            'checked_at': 'timestamp',
        },
        'champion_choices': {
            'prediction': 'text',
            'model_id': 'text',
            'as_of_date': 'date',
            'chosen_at': 'timestamp',
        },
    }[table]) }}
{% endmacro %}

{#
    Makes the journal's tables where they are missing, adds the columns that a new version brings,
    and forgets what is older than the var `journal_kept_days`; what a person chose is never forgotten.
#}
{% macro keep_journal() %}
    {% do adapter.create_schema(journal('runs')) %}
    {% set written_at = {'runs': 'started_at', 'expectation_results': 'checked_at', 'champion_choices': none} %}
    {% for table, began in written_at.items() %}
        {% set columns = journal_columns(table) %}
        {% set declared = [] %}
        {% for column, type in columns.items() %}
            {% do declared.append(column ~ ' ' ~ column_type(type)) %}
        {% endfor %}
        {% do run_query('create table if not exists ' ~ journal(table) ~ ' (' ~ declared | join(', ') ~ ')') %}
        {% set found = column_names(journal(table)) %}
        {% for column, type in columns.items() if column not in found %}
            {% do run_query('alter table ' ~ journal(table) ~ ' add column ' ~ column ~ ' ' ~ column_type(type)) %}
        {% endfor %}
        {% if began and var('journal_kept_days') is not none %}
            {% set oldest = run_started_at - modules.datetime.timedelta(days=var('journal_kept_days')) %}
            {% do run_query(
                'delete from ' ~ journal(table) ~ ' where ' ~ began ~ " < '" ~ oldest.strftime('%Y-%m-%d %H:%M:%S') ~ "'"
            ) %}
        {% endif %}
    {% endfor %}
{% endmacro %}
