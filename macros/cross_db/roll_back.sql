{#
    Makes a kept generation what BI reads, by one swap. The embedded engine has
    `regulars publication rollback`.

    Usage:   dbt run-operation roll_back --target snowflake --args '{generation: 12}'
#}
{% macro roll_back(generation) %}
    {% do adapter.dispatch('roll_back', 'regulars')(generation | int) %}
{% endmacro %}

{% macro duckdb__roll_back(generation) %}
    {% do exceptions.raise_compiler_error('A published file is rolled back by: regulars publication rollback ' ~ generation) %}
{% endmacro %}

{% macro snowflake__roll_back(generation) %}
    {% set kept = 'published_generation_' ~ generation %}
    {% if not adapter.check_schema_exists(target.database, kept) %}
        {% do exceptions.raise_compiler_error('Generation ' ~ generation ~ " isn't kept: show schemas like 'published_generation_%'.") %}
    {% endif %}
    {# the views in `published` name columns #}
    {% set columns = "select table_name, column_name from information_schema.columns where table_schema = '" %}
    {% set others = run_query(columns ~ "PUBLISHED_TABLES' except " ~ columns ~ kept | upper ~ "'").rows %}
    {% if others %}
        {% do exceptions.raise_compiler_error(
            'Generation ' ~ generation ~ ' has no ' ~ others[0] | join('.') | lower ~ ', which BI reads now: check out the'
            ~ ' version that published it, and build.'
        ) %}
    {% endif %}
    {% set current = run_query('select max(generation) from published_tables.publication').rows[0][0] | int %}
    {% do run_query('alter schema published_tables swap with ' ~ kept) %}
    {% do run_query('alter schema ' ~ kept ~ ' rename to published_generation_' ~ current) %}
    {{ log('BI reads generation ' ~ generation ~ ' again; ' ~ current ~ ' is kept.', info=true) }}
{% endmacro %}
