{#
    What features mean, as their YAML says: those that Regulars brings, and the project's own (var
    own_features). None where there is no graph to ask.

    Result:  a list of {feature, words, unit}; words are the description without its full stop
    Usage:   {% for meaning in feature_meanings() %} … {{ meaning.words }} … {% endfor %}
#}
{% macro feature_meanings() %}
    {% set keys, found = ['customer_id', 'as_of_date'], [] %}
    {% if execute %}
        {% set described = ['customer_features'] + var('own_features') %}
        {% for node in graph.nodes.values() | sort(attribute='name') %}
            {% if node.resource_type == 'model' and node.name in described %}
                {% for name, column in node.columns.items() if name not in keys %}
                    {% do found.append({
                        'feature': name,
                        'words': (column.description or '').split() | join(' ') | trim('.'),
                        'unit': column.get('config', {}).get('meta', {}).get('unit', ''),
                    }) %}
                {% endfor %}
            {% endif %}
        {% endfor %}
    {% endif %}
    {{ return(found) }}
{% endmacro %}
