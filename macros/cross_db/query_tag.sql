{#
    Names run and model in every statement of a model, so that the warehouse's own query history tells
    what each of them cost: docs/guides/snowflake.md. dbt calls these two before and after a model.
#}
{% macro snowflake__set_query_tag() %}
    {% set tag = {'app': 'regulars', 'run_id': invocation_id, 'model': model.name} %}
    {% do run_query('alter session set query_tag = ' ~ sql_text(tojson(tag))) %}
    {{ return(none) }}
{% endmacro %}

{% macro snowflake__unset_query_tag(original_query_tag) %}
    {% do run_query('alter session unset query_tag') %}
{% endmacro %}
