{#
    What a model of a later layer held after the last run: the one way to look back
    without a ref that would turn the flow round. A typed empty relation before the
    first run, or where nothing may be looked up (compile with --no-introspect).

    Arguments:  model    the model's name
                columns  a dict of column name → type: what is read of it
    Usage:      previous_registry as ({{ previous('model_registry', {'model_id': 'text'}) }})
#}
{% macro previous(model_name, columns) %}
    {%- set relation = none -%}
    {%- if execute and flags.INTROSPECT -%}
        {%- set nodes = graph.nodes.values() | selectattr('name', 'equalto', model_name) | list -%}
        {%- if not nodes -%}
            {% do exceptions.raise_compiler_error("previous('" ~ model_name ~ "'): there is no such model.") %}
        {%- endif -%}
        {%- set relation = adapter.get_relation(nodes[0].database, nodes[0].schema, nodes[0].alias) -%}
    {%- endif -%}
    {#- a column that this version added isn't there yet: null until the model is built again -#}
    {%- set found = column_names(relation) if relation else [] %}
    select
        {%- for column, type in columns.items() %}
        cast({{ column if column in found else 'null' }} as {{ column_type(type) }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    {%- if relation %}
    from {{ relation }}
    {%- else %}
    where 1 = 0
    {%- endif %}
{% endmacro %}
