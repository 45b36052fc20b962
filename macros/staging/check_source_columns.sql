{#
    Stops a staging model whose raw table lacks a declared column or holds it with
    another kind of type, naming both: a pre-hook of every staging model.
    What is declared stands in models/staging/<source>/_<source>__sources.yml.
#}
{% macro check_source_columns() %}
    {% if execute and flags.WHICH in ('run', 'build') %}
        {% for source_id in model.depends_on.nodes if source_id in graph.sources %}
            {% for problem in raw_table_problems(graph.sources[source_id], [model.name]) %}
                {% do exceptions.raise_compiler_error(problem) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
{% endmacro %}

{#
    What is wrong with a raw table, for the models that read it: a list of sentences, empty
    when all is well. This is the one place of the rule; `readers` are names of models.
#}
{% macro raw_table_problems(raw, readers) %}
    {% set name = 'Raw table ' ~ raw.schema ~ '.' ~ raw.identifier %}
    {% set who = readers | join(', ') %}
    {% set one = readers | length == 1 %}
    {% set or_change = ', or change the model' ~ ('.' if one else 's.') %}
    {% set relation = adapter.get_relation(raw.database, raw.schema, raw.identifier) %}
    {% if relation is none %}
        {{ return([name ~ ' does not exist, and ' ~ who ~ (' reads' if one else ' read') ~ ' it: load it first.']) }}
    {% endif %}
    {% set found = {} %}
    {% for column in adapter.get_columns_in_relation(relation) %}
        {% do found.update({column.name | lower: column.dtype}) %}
    {% endfor %}
    {% set problems = [] %}
    {% for column in raw.columns.values() %}
        {% set type = found.get(column.name | lower) %}
        {% if type is none %}
            {% do problems.append(
                name ~ ' has no column ' ~ column.name ~ ', which ' ~ who ~ (' needs' if one else ' need')
                ~ ': load it with that column' ~ or_change
            ) %}
        {% elif column.data_type and type_family(column.data_type) != type_family(type) %}
            {% do problems.append(
                name ~ ' holds column ' ~ column.name ~ ' as ' ~ type | lower ~ ', but ' ~ who
                ~ (' needs ' if one else ' need ') ~ column.data_type ~ ': load it with that type' ~ or_change
            ) %}
        {% endif %}
    {% endfor %}
    {{ return(problems) }}
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
