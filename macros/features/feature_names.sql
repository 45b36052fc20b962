{#
    The features that Regulars brings, by name. None where nothing is run (parsing, lint).
#}
{% macro shipped_features() %}
    {% set names = [] %}
    {% if execute %}
        {% for features in feature_families().values() %}
            {% do names.extend(features | map(attribute='name')) %}
        {% endfor %}
    {% endif %}
    {{ return(names) }}
{% endmacro %}

{#
    The features that are text, in lower case as all features are named: an engine may tell names in
    upper case. None where customer_features isn't built yet, or can't be asked.

    Usage:   in models that refer to customer_features
#}
{% macro category_features() %}
    {% set names = [] %}
    {% if execute and flags.INTROSPECT %}
        {% for column in adapter.get_columns_in_relation(ref('customer_features')) if column.is_string() %}
            {% do names.append(column.name | lower) %}
        {% endfor %}
    {% endif %}
    {{ return(names | reject('in', ['customer_id']) | list) }}
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
