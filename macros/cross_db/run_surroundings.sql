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

{#
    Stops a run that begins while another may be alive: it would undo the other's state. One process
    alone can hold the embedded file, so an open run is a dead one there.
#}
{% macro refuse_living_run(run_id, started_at) %}
    {% do adapter.dispatch('refuse_living_run', 'regulars')(run_id, started_at) %}
{% endmacro %}

{% macro duckdb__refuse_living_run(run_id, started_at) %}
{% endmacro %}

{% macro snowflake__refuse_living_run(run_id, started_at) %}
    {% set hours = (modules.datetime.datetime.utcnow() - started_at).total_seconds() / 3600 %}
    {% if hours < 24 and var('killed_run') != run_id %}
        {% do exceptions.raise_compiler_error(
            'Run ' ~ run_id ~ ' began ' ~ hours | round(1) ~ ' hours ago and has not ended: wait for it. If it was killed: '
            ~ "--vars 'killed_run: " ~ run_id ~ "'"
        ) %}
    {% endif %}
{% endmacro %}

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
