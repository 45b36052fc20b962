{#
    The names of a relation's columns, in lower case. Asked by a query: the adapter's own way begins
    a transaction, which a hook would lose at its end, and which publishing can't have open.
#}
{% macro column_names(relation) %}
    {{ return(run_query('select * from ' ~ relation ~ ' where 1 = 0').column_names | map('lower') | list) }}
{% endmacro %}
