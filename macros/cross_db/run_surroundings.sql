{#
    What SQL can't know and the engine's side is asked for: which run is published now, and
    which software runs. On the embedded engine src/regulars/engines/dbt_plugin.py leaves both
    in the session, and writes published/<target>/status.json.
#}

{# SQL: the run_id of what is published now, or null. #}
{% macro published_run_id() %}
    {{- adapter.dispatch('published_run_id', 'regulars')() -}}
{% endmacro %}

{% macro duckdb__published_run_id() -%}
    getvariable('published_run_id')
{%- endmacro %}

{% macro snowflake__published_run_id() -%}
    {%- if flags.INTROSPECT and adapter.get_relation(target.database, 'published_tables', 'publication') -%}
        (select max(run_id) from published_tables.publication)
    {%- else -%}
        cast(null as varchar)
    {%- endif -%}
{%- endmacro %}

{# SQL: versions as JSON text, or null. #}
{% macro software_versions() %}
    {{- adapter.dispatch('software_versions', 'regulars')() -}}
{% endmacro %}

{% macro duckdb__software_versions() -%}
    getvariable('software_versions')
{%- endmacro %}

{% macro snowflake__software_versions() -%}
    cast(null as varchar)
{%- endmacro %}

{# Tells those who only see files how the run stands. Whoever reads a warehouse reads `runs`. #}
{% macro write_status(status) %}
    {% do adapter.dispatch('write_status', 'regulars')(status) %}
{% endmacro %}

{% macro duckdb__write_status(status) %}
    {% do run_query('select write_status(' ~ sql_text(tojson(status)) ~ ')') %}
{% endmacro %}

{% macro snowflake__write_status(status) %}
{% endmacro %}
