{#
    Brings this project's Python to where Python models of the engine import it. Part of on-run-start:
    src/dbt_regulars.py has written the zip when dbt started. The embedded engine has it already.
#}
{% macro put_python_package() %}
    {% do adapter.dispatch('put_python_package', 'regulars')() %}
{% endmacro %}

{% macro duckdb__put_python_package() %}
{% endmacro %}

{% macro snowflake__put_python_package() %}
    {% do run_query('create schema if not exists code') %}
    {% do run_query('create stage if not exists code.python') %}
    {% do run_query(
        "put 'file://" ~ env_var('REGULARS_HOME', flags.PROJECT_DIR) ~ "/target/regulars.zip' @code.python"
        ~ ' auto_compress = false overwrite = true'
    ) %}
{% endmacro %}
