{#
    The features that Regulars brings: the columns that customer_features declares, but for its keys.
    None where there is no graph to ask (parsing, lint).
#}
{% macro shipped_features() %}
    {% set names = [] %}
    {% if execute %}
        {% for node in graph.nodes.values() if node.name == 'customer_features' %}
            {% do names.extend(node.columns | reject('in', ['customer_id', 'as_of_date'])) %}
        {% endfor %}
    {% endif %}
    {{ return(names) }}
{% endmacro %}

{#
    All features, the project's own (var own_features) included. One of them stands for all where
    there is no graph to ask, so that what is made of them is whole.
#}
{% macro feature_names() %}
    {% set names = shipped_features() %}
    {% for own in own_features() %}
        {% do names.extend(own.columns) %}
    {% endfor %}
    {{ return(names or ['days_since_last_purchase']) }}
{% endmacro %}
