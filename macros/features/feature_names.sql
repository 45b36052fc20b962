{#
    The features: the columns that customer_features declares, but for its keys. One of them stands
    for all where there is no graph to ask (parsing, lint), so that what is made of them is whole.
#}
{% macro feature_names() %}
    {% set names = [] %}
    {% if execute %}
        {% for node in graph.nodes.values() if node.name == 'customer_features' %}
            {% for column in node.columns if column not in ['customer_id', 'as_of_date'] %}
                {% do names.append(column) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
    {{ return(names or ['days_since_last_purchase']) }}
{% endmacro %}
