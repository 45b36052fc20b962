{# dbt's own, but false where nothing may be looked up (compile with --no-introspect). #}
{% macro is_incremental() %}
    {{ return(flags.INTROSPECT and dbt.is_incremental()) }}
{% endmacro %}
