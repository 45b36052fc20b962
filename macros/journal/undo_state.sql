{#
    Takes back all that a run did to state tables: the rows that it added go, those that it
    replaced count again, and those that it ended go on.
#}
{% macro undo_state(run_id) %}
    {% for model in state_models() %}
        {% do undo_rows(adapter.get_relation(model.database, model.schema, model.alias), run_id) %}
    {% endfor %}
{% endmacro %}

{% macro undo_rows(relation, run_id) %}
    {# a table of a version that made it anew in every run has no run_id #}
    {% set columns = column_names(relation) if relation else [] %}
    {% if 'run_id' in columns %}
        {% do run_query("delete from " ~ relation ~ " where run_id = '" ~ run_id ~ "'") %}
    {% endif %}
    {% if 'replaced_by_run_id' in columns %}
        {% do run_query(
            "update " ~ relation ~ " set replaced_by_run_id = null where replaced_by_run_id = '" ~ run_id ~ "'"
        ) %}
    {% endif %}
    {% if 'ended_by_run_id' in columns %}
        {% do run_query(
            "update " ~ relation ~ " set valid_to = null, ended_by_run_id = null where ended_by_run_id = '"
            ~ run_id ~ "'"
        ) %}
    {% endif %}
{% endmacro %}

{#
    What later runs are held against is the good run with the newest day: one that stood at an earlier
    day gives its place back, so that backfilling the past blinds no gate of the present.
#}
{% macro keep_newest_baseline(run_id) %}
    {% set compared = ['input_volumes', 'feature_profile'] %}
    {% for node in state_models() if node.name in compared and not var('new_baseline') %}
        {% set relation = built_relation(node.name) %}
        {% set days %}
            select
                max(case when run_id = '{{ run_id }}' then as_of_date end)
                < max(case when replaced_by_run_id = '{{ run_id }}' then as_of_date end)
            from {{ relation }}
        {% endset %}
        {% if run_query(days).rows[0][0] %}
            {% do undo_rows(relation, run_id) %}
        {% endif %}
    {% endfor %}
{% endmacro %}

{# The models that keep what earlier runs found: incremental ones that a full refresh leaves alone. #}
{% macro state_models() %}
    {% set found = [] %}
    {% for node in graph.nodes.values() | sort(attribute='name') %}
        {% if node.config.materialized == 'incremental' and node.config.full_refresh is false %}
            {% do found.append(node) %}
        {% endif %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}

{#
    Two pre-hooks of a state model whose rows are replaced, not only added. The first forgets
    rows that the last good run replaced; the second marks those that this run replaces, so that
    undo_state can bring them back.

    Usage:   pre_hook=["{{ forget_replaced_rows() }}", "{{ replace_rows('score_date = …') }}"]
#}
{% macro forget_replaced_rows() %}
    {% if is_incremental() and 'replaced_by_run_id' in column_names(this) %}
        delete from {{ this }} where replaced_by_run_id is not null
    {% elif is_incremental() %}
        {# a table of a version that did not replace rows yet #}
        alter table {{ this }} add column replaced_by_run_id {{ column_type('text') }}
    {% endif %}
{% endmacro %}

{% macro replace_rows(where) %}
    {% if is_incremental() %}
        update {{ this }} set replaced_by_run_id = '{{ invocation_id }}' where {{ where }}
    {% endif %}
{% endmacro %}

{#
    The pre-hook of a state model that keeps how things were: the current row of each key (valid_to
    is null) is ended where the rows to come say something else. Ended rows stay; undo_state lets
    those that a run ended go on.

    Arguments:  rows    the relation that holds the rows to come
                keys    the columns that say whose row it is
                column  what is held against the current row
    Usage:      pre_hook="{{ end_rows(ref('identity_moves'), ['source_record_id'], 'customer_id') }}"
#}
{% macro end_rows(rows, keys, column) %}
    {% if is_incremental() and 'ended_by_run_id' in column_names(this) %}
        update {{ this }}
        set
            valid_to = cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as {{ column_type('timestamp') }}),
            ended_by_run_id = '{{ invocation_id }}'
        {# under names of their own: engines differ in how the updated table's columns may be named #}
        from (
            select
                {%- for key in keys %}
                {{ key }} as key_{{ loop.index }},
                {%- endfor %}
                {{ column }} as value_to_come
            from {{ rows }}
        ) as rows_to_come
        where
            valid_to is null
            and {{ column }} <> value_to_come
            {%- for key in keys %}
            and {{ key }} = key_{{ loop.index }}
            {%- endfor %}
    {% elif is_incremental() %}
        {# a table of a version that made it anew in every run #}
        delete from {{ this }}
    {% endif %}
{% endmacro %}
