{#
    Takes back all that a run did to state tables: the rows that it added go, and those
    that it replaced count again.
#}
{% macro undo_state(run_id) %}
    {% for model in state_models() %}
        {% set relation = adapter.get_relation(model.database, model.schema, model.alias) %}
        {% if relation %}
            {% do run_query("delete from " ~ relation ~ " where run_id = '" ~ run_id ~ "'") %}
            {% if 'replaced_by_run_id' in column_names(relation) %}
                {% do run_query(
                    "update " ~ relation ~ " set replaced_by_run_id = null where replaced_by_run_id = '" ~ run_id ~ "'"
                ) %}
            {% endif %}
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
