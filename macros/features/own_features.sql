{#
    The project's own features (var own_features): models with one row per (customer_id, as_of_date)
    and the columns that their YAML declares. Columns are none where there is no graph to ask.

    Result:  a list of {model, columns}
    Usage:   {% for own in own_features() %} … {{ ref(own.model) }} … {{ own.columns }} … {% endfor %}
#}
{% macro own_features() %}
    {% set keys, found = ['customer_id', 'as_of_date'], [] %}
    {% for model in var('own_features') %}
        {% set columns = [] %}
        {% if execute %}
            {% for node in graph.nodes.values() if node.resource_type == 'model' and node.name == model %}
                {% do columns.extend(node.columns | reject('in', keys)) %}
            {% endfor %}
            {% if not columns %}
                {% do exceptions.raise_compiler_error(
                    "The var own_features names " ~ model ~ ": declare its columns in a YAML file beside it,"
                    ~ " each with its meaning."
                ) %}
            {% endif %}
            {% for column in columns if column in shipped_features() %}
                {% do exceptions.raise_compiler_error(
                    "The feature " ~ column ~ " of " ~ model ~ " is named as one that is there already: rename it."
                ) %}
            {% endfor %}
        {% endif %}
        {% do found.append({'model': model, 'columns': columns}) %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
