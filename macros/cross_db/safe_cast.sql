{#
    Makes dbt's own safe_cast safe on DuckDB: a text that can't be cast becomes null.
    dbt-duckdb leaves it a plain cast, which stops the run at the first such text. Snowflake's
    try_cast takes more texts than DuckDB's: digits alone are seconds since 1970 where a date is asked.

    Usage:   {{ dbt.safe_cast('quantity', column_type('amount')) }}
#}
{% macro duckdb__safe_cast(field, type) -%}
    try_cast({{ field }} as {{ type }})
{%- endmacro %}
