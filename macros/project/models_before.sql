{#
    The models that the named ones are built from, directly or through others: the nodes of dbt's
    graph, in the order of their names.

    Usage:   {% for node in models_before(['publish']) %} … {{ node.name }} … {% endfor %}
#}
{% macro models_before(names) %}
    {% set followed = graph.nodes.values() | selectattr('name', 'in', names) | list %}
    {% set found = {} %}
    {% for node in followed %}  {# it grows while it is walked #}
        {% for id in node.depends_on.nodes if id in graph.nodes and id not in found %}
            {% if graph.nodes[id].resource_type == 'model' %}
                {% do found.update({id: graph.nodes[id]}) %}
                {% do followed.append(graph.nodes[id]) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {{ return(found.values() | sort(attribute='name')) }}
{% endmacro %}
