{#
    Stops a staging model whose raw table lacks a declared column or holds it with
    another kind of type, naming both: a pre-hook of every staging model.
    What is declared stands in models/staging/<source>/_<source>__sources.yml.
#}
{% macro check_source_columns() %}
    {% if execute and flags.WHICH in ('run', 'build') %}
        {% for source_id in model.depends_on.nodes if source_id in graph.sources %}
            {% do check_raw_table(graph.sources[source_id], model.name) %}
        {% endfor %}
    {% endif %}
{% endmacro %}

{% macro check_raw_table(raw, reader) %}
    {% set name = raw.schema ~ '.' ~ raw.identifier %}
    {% set relation = adapter.get_relation(raw.database, raw.schema, raw.identifier) %}
    {% if relation is none %}
        {% do exceptions.raise_compiler_error(
            'Raw table ' ~ name ~ ' does not exist, and ' ~ reader ~ ' reads it: load it first.'
        ) %}
    {% endif %}
    {% set found = {} %}
    {% for column in adapter.get_columns_in_relation(relation) %}
        {% do found.update({column.name | lower: column.dtype}) %}
    {% endfor %}
    {% for column in raw.columns.values() %}
        {% set type = found.get(column.name | lower) %}
        {% if type is none %}
            {% do exceptions.raise_compiler_error(
                'Raw table ' ~ name ~ ' has no column ' ~ column.name ~ ', which ' ~ reader
                ~ ' needs: load it with that column, or change the model.'
            ) %}
        {% elif column.data_type and type_family(column.data_type) != type_family(type) %}
            {% do exceptions.raise_compiler_error(
                'Raw table ' ~ name ~ ' holds column ' ~ column.name ~ ' as ' ~ type | lower ~ ', but '
                ~ reader ~ ' needs ' ~ column.data_type ~ ': load it with that type, or change the model.'
            ) %}
        {% endif %}
    {% endfor %}
{% endmacro %}

{# The family that a column type belongs to: 'decimal(18,4)' and 'INTEGER' are both numbers. #}
{% macro type_family(data_type) %}
    {% set name = (data_type | lower).split('(')[0] | trim %}
    {% set families = {
        'text': ['varchar', 'text', 'string', 'char', 'character varying', 'character'],
        'number': ['tinyint', 'smallint', 'integer', 'int', 'bigint', 'hugeint', 'ubigint', 'uinteger',
                   'decimal', 'numeric', 'number', 'fixed', 'double', 'float', 'real', 'double precision'],
        'timestamp': ['timestamp', 'datetime', 'timestamp_ntz', 'timestamp_ns', 'timestamp_ms', 'timestamp_s',
                      'timestamp without time zone'],
    } %}
    {% for family, names in families.items() if name in names %}
        {{ return(family) }}
    {% endfor %}
    {{ return(name) }}
{% endmacro %}
