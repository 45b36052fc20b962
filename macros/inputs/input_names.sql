{# The seven inputs, in the order in which they are listed everywhere. #}
{% macro input_names() %}
    {{ return(['profiles', 'identifiers', 'events', 'items', 'consents', 'assignments', 'offers']) }}
{% endmacro %}
