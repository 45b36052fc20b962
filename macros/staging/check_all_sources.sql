{#
    Logs all that is wrong with the raw tables that staging models read, a line each, and fails
    when there is something: what check_source_columns would stop at one by one, before any
    model runs. `regulars build` runs it first.

    Arguments:  models  names of the models whose raw tables are looked at; all when not given
    Usage:   dbt run-operation check_all_sources
#}
{% macro check_all_sources(models=none) %}
    {% set problems = [] %}
    {% for source_id, raw in graph.sources | dictsort %}
        {% set readers = [] %}
        {% for node in graph.nodes.values() if node.resource_type == 'model' and source_id in node.depends_on.nodes %}
            {% if models is none or node.name in models %}
                {% do readers.append(node.name) %}
            {% endif %}
        {% endfor %}
        {% if readers %}
            {% do problems.extend(raw_table_problems(raw, readers | sort)) %}
        {% endif %}
    {% endfor %}
    {% for problem in problems %}
        {{ log(problem, info=true) }}
    {% endfor %}
    {% if problems %}
        {% do exceptions.raise_compiler_error('Problems with raw tables: ' ~ problems | length) %}
    {% endif %}
{% endmacro %}
