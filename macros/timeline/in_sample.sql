{#
    True for the customers that this target works on: all of them, or on `dev` a share
    that is drawn by a hash, so that it stays the same from run to run.

    Usage:   where {{ in_sample('customer_id') }}
#}
{% macro in_sample(customer_id) -%}
    {% if is_sampled() -%}
        {# two hex digits are 256 equal parts #}
        substring({{ dbt.hash(customer_id) }}, 1, 2) < '{{ "%02x" | format((var("dev_sample_percent") * 256 / 100) | int) }}'
    {%- else -%}
        true
    {%- endif %}
{%- endmacro %}

{# Whether this target works on a sample of customers. #}
{% macro is_sampled() %}
    {{ return(target.name == 'dev' and var('dev_sample_percent') < 100) }}
{% endmacro %}
